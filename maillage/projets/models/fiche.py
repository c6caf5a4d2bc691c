"""La fiche action : ce que le centre va faire, avec qui, quand, et ce qu'on en dit en l'écrivant."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from maillage.catalogue.models import Experience
from maillage.comptes.models import Utilisateur
from maillage.core.models import SauvegardeDeChamp, Versionnee
from maillage.projets.choices import DegreParticipation, EtatFiche, StatutFiche
from maillage.projets.models.arbre import Axe, Objectif, ProjetSpecifique
from maillage.projets.models.cadre import ProjetSocial
from maillage.projets.querysets import FicheActionQuerySet
from maillage.territoire.models import Partenaire


class FicheAction(Versionnee):
    """Une action prévue. Son numéro n'est pas écrit : il se lit de sa place dans l'arbre (`projets.numerotation`).

    `objectif` : celui sous lequel elle se range ; elle peut en servir d'autres (`Rattachement`). Sans axe, elle est
    « à ranger ». Les listes sont des listes de textes ; un texte qui finit par « : » chapeaute ceux qui suivent.
    `suite_de` : la fiche du projet d'avant qu'elle prolonge.
    `numero_source`, `titre_dans_arbre`, `objectifs_du_document` : ce que disait le document importé.
    """

    projet = models.ForeignKey(ProjetSocial, models.PROTECT, related_name="fiches")
    axe = models.ForeignKey(Axe, models.PROTECT, null=True, blank=True, related_name="fiches")
    objectif = models.ForeignKey(Objectif, models.PROTECT, null=True, blank=True, related_name="fiches")
    rang = models.PositiveSmallIntegerField(default=1)
    titre = models.CharField(max_length=300)
    statut = models.CharField(max_length=20, choices=StatutFiche, blank=True)
    etat = models.CharField("état", max_length=20, choices=EtatFiche, default=EtatFiche.A_ECRIRE)
    annees = models.JSONField("années", default=list)

    contexte = models.TextField(blank=True)
    objectifs_operationnels = models.JSONField("objectifs opérationnels", default=list)
    public = models.JSONField("public cible", default=list)
    attention_particuliere = models.TextField("attention particulière", blank=True)
    presentation = models.TextField("présentation", blank=True)
    echeancier = models.JSONField("échéancier", default=list)
    moyens_humains = models.JSONField(default=list)
    moyens_materiels = models.JSONField("moyens matériels et financiers", default=list)
    partenaires_existants = models.JSONField("partenariat existant", default=list)
    partenaires_potentiels = models.JSONField("partenariat à construire", default=list)
    resultats_attendus = models.JSONField("résultats attendus", default=list)
    freins = models.JSONField("freins à lever", default=list)
    degre_participation = models.CharField(
        "participation des habitants", max_length=20, choices=DegreParticipation, blank=True
    )
    preuve_participation = models.TextField("ce qui le montre", blank=True)

    pilote = models.ForeignKey(Utilisateur, models.PROTECT, null=True, blank=True, related_name="+")
    pilote_nom = models.CharField("pilote sans compte", max_length=120, blank=True)
    equipe = models.ManyToManyField(Utilisateur, blank=True, related_name="+")
    partenaires = models.ManyToManyField(Partenaire, blank=True, related_name="+")
    specifiques = models.ManyToManyField(ProjetSpecifique, blank=True, related_name="fiches")

    suite_de = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="suites", verbose_name="suite de"
    )
    inspiree_de = models.ForeignKey(
        Experience, models.PROTECT, null=True, blank=True, related_name="fiches_inspirees"
    )
    racontee_par = models.ForeignKey(
        Experience, models.PROTECT, null=True, blank=True, related_name="fiches_racontees"
    )

    numero_source = models.CharField("numéro du document", max_length=20, blank=True)
    titre_dans_arbre = models.CharField("titre dans l’arbre du document", max_length=300, blank=True)
    objectifs_du_document = models.JSONField("objectifs tels qu’écrits dans le document", default=list)

    objects = FicheActionQuerySet.as_manager()

    class Meta:
        verbose_name = "fiche action"
        verbose_name_plural = "fiches actions"
        ordering = ["rang", "pk"]

    def __str__(self) -> str:
        return self.titre

    @property
    def annees_prevues(self) -> list[int]:
        """Celles où l'action a lieu ; toutes celles du projet tant qu'on ne l'a pas dit."""
        siennes = [annee for annee in self.projet.annees if annee in self.annees]
        return siennes or self.projet.annees

    @property
    def annees_a_noter(self) -> list[int]:
        """Celles qui ont commencé."""
        return [annee for annee in self.annees_prevues if annee <= timezone.localdate().year]


class Rattachement(models.Model):
    """Une fiche sert aussi cet objectif, au-delà de celui où elle se range.

    `est_un_renvoi` : le document ne l'y liste pas, il y renvoie (« cf. axe 3 »).
    """

    fiche = models.ForeignKey(FicheAction, models.CASCADE, related_name="rattachements")
    objectif = models.ForeignKey(Objectif, models.CASCADE, related_name="rattachements")
    rang = models.PositiveSmallIntegerField(default=1)
    est_un_renvoi = models.BooleanField("renvoi du document", default=False)

    class Meta:
        ordering = ["rang", "pk"]
        constraints = [models.UniqueConstraint(fields=["fiche", "objectif"], name="fiche_rattachee_une_fois")]


class Etape(Versionnee):
    """Une étape datée d'une fiche, à cocher."""

    fiche = models.ForeignKey(FicheAction, models.CASCADE, related_name="etapes")
    titre = models.CharField(max_length=200)
    du = models.DateField("début")
    au = models.DateField("fin", null=True, blank=True)
    responsable = models.ForeignKey(Utilisateur, models.PROTECT, null=True, blank=True, related_name="+")
    faite_le = models.DateTimeField("faite le", null=True, blank=True)

    class Meta:
        verbose_name = "étape"
        ordering = ["du", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(au=None) | Q(au__gte=models.F("du")),
                name="etape_finit_apres_son_debut",
                violation_error_message="L’étape finit avant de commencer. Corrigez une des deux dates.",
            )
        ]

    def __str__(self) -> str:
        return self.titre

    @property
    def est_en_retard(self) -> bool:
        return self.faite_le is None and (self.au or self.du) < timezone.localdate()


class Remarque(models.Model):
    """Un mot d'équipe sur une fiche, ou sur un de ses champs."""

    fiche = models.ForeignKey(FicheAction, models.CASCADE, related_name="remarques")
    champ = models.CharField(max_length=40, blank=True)
    texte = models.TextField()
    auteur = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+")
    le = models.DateTimeField(default=timezone.now)
    resolue_le = models.DateTimeField("résolue le", null=True, blank=True)
    resolue_par = models.ForeignKey(
        Utilisateur, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="résolue par"
    )

    class Meta:
        ordering = ["le", "pk"]


class Relecture(models.Model):
    """« À relire par » : une demande à une collègue, et son avis."""

    fiche = models.ForeignKey(FicheAction, models.CASCADE, related_name="relectures")
    demandee_a = models.ForeignKey(Utilisateur, models.PROTECT, related_name="relectures_demandees")
    demandee_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+")
    demandee_le = models.DateTimeField("demandée le", default=timezone.now)
    mot = models.TextField(blank=True)
    faite_le = models.DateTimeField("faite le", null=True, blank=True)
    avis = models.TextField(blank=True)

    class Meta:
        ordering = ["-demandee_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["fiche", "demandee_a"],
                condition=Q(faite_le=None),
                name="une_relecture_ouverte_par_personne",
                violation_error_message="Cette personne a déjà cette fiche à relire.",
            )
        ]


class SauvegardeDeFiche(SauvegardeDeChamp):
    fiche = models.ForeignKey(FicheAction, models.CASCADE, related_name="sauvegardes")

    class Meta(SauvegardeDeChamp.Meta):
        verbose_name = "sauvegarde d’une fiche"
        verbose_name_plural = "sauvegardes des fiches"
        indexes = [models.Index(fields=["fiche", "champ", "-id"], name="sauvegardes_d_une_fiche")]
