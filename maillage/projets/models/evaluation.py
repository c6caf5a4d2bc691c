"""L'évaluation d'un projet, à mi-parcours et à la fin : ce qu'il a donné, ce que l'on retient, ce que l'on propose."""

from django.db import models
from django.db.models import Q

from maillage.core.models import SauvegardeDeChamp, Versionnee
from maillage.projets.choices import MomentEvaluation, SuiteProposee
from maillage.projets.models.arbre import Objectif
from maillage.projets.models.cadre import ProjetSocial
from maillage.projets.models.fiche import FicheAction


class Evaluation(Versionnee):
    """Ce qui s'y compte vient des fiches et n'est pas recopié ici. `annee` : la dernière que l'on regarde.

    `nombre_…` : combien de personnes ont participé à l'évaluation. Des nombres, jamais de noms.
    """

    projet = models.ForeignKey(ProjetSocial, models.PROTECT, related_name="evaluations")
    moment = models.CharField(max_length=20, choices=MomentEvaluation)
    annee = models.PositiveSmallIntegerField("dernière année regardée")
    methode = models.TextField("comment nous avons évalué", blank=True)
    nombre_equipe = models.PositiveSmallIntegerField("de l’équipe", null=True, blank=True)
    nombre_habitants = models.PositiveSmallIntegerField("habitants", null=True, blank=True)
    nombre_partenaires = models.PositiveSmallIntegerField("partenaires", null=True, blank=True)
    nombre_elus = models.PositiveSmallIntegerField("élus et administrateurs", null=True, blank=True)
    synthese = models.TextField("ce qu’il faut retenir", blank=True)

    class Meta:
        verbose_name = "évaluation"
        ordering = ["projet", "-moment"]
        constraints = [models.UniqueConstraint(fields=["projet", "moment"], name="une_evaluation_par_moment")]

    def __str__(self) -> str:
        return self.get_moment_display()


class ReponseDEvaluation(models.Model):
    """La réponse à une question du référentiel. `question` : telle qu'elle était posée quand on y a répondu."""

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="reponses")
    cle = models.CharField("clé", max_length=120)
    question = models.TextField()
    texte = models.TextField(blank=True)

    class Meta:
        verbose_name = "réponse de l’évaluation"
        verbose_name_plural = "réponses de l’évaluation"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["evaluation", "cle"], name="une_reponse_par_question")]


class Proposition(Versionnee):
    """Ce que l'évaluation propose d'un objectif ou d'une fiche, et pourquoi ; sans l'un ni l'autre, ce qui commence.

    `titre` : celui de ce dont elle parle, gardé si on l'efface de l'arbre. `effet` : ce que l'action a changé.
    Ce qui commence peut dire sous quel objectif.
    """

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="propositions")
    objectif = models.ForeignKey(Objectif, models.SET_NULL, null=True, blank=True, related_name="+")
    fiche = models.ForeignKey(
        FicheAction, models.SET_NULL, null=True, blank=True, related_name="propositions"
    )
    titre = models.CharField(max_length=500)
    suite = models.CharField(max_length=20, choices=SuiteProposee, blank=True)
    effet = models.TextField("ce que cela a changé", blank=True)
    raison = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "fiche"],
                condition=Q(fiche__isnull=False),
                name="une_proposition_par_fiche",
            ),
            models.UniqueConstraint(
                fields=["evaluation", "objectif"],
                condition=Q(objectif__isnull=False) & ~Q(suite=SuiteProposee.COMMENCER),
                name="une_proposition_par_objectif",
            ),
        ]

    def __str__(self) -> str:
        return self.titre


class LeconRetenue(Versionnee):
    """Une leçon de l'évaluation, et où elle servira. `fiche` : celle qui l'a apprise, s'il y en a une."""

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="lecons")
    fiche = models.ForeignKey(FicheAction, models.SET_NULL, null=True, blank=True, related_name="+")
    texte = models.TextField("ce que nous avons appris")
    ou_sert = models.TextField("où cela servira", blank=True)
    rang = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = "leçon retenue"
        verbose_name_plural = "leçons retenues"
        ordering = ["rang", "pk"]

    def __str__(self) -> str:
        return self.texte


class SauvegardeDEvaluation(SauvegardeDeChamp):
    """`champ` : une colonne, « q_… » pour une question, « fiche_12_raison », « objectif_3_suite »."""

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="sauvegardes")

    class Meta(SauvegardeDeChamp.Meta):
        verbose_name = "sauvegarde d’une évaluation"
        verbose_name_plural = "sauvegardes des évaluations"
        indexes = [models.Index(fields=["evaluation", "champ", "-id"], name="sauvegardes_d_une_evaluation")]
