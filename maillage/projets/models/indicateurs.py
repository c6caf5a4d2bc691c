"""Comment on saura : indicateurs, cibles, valeurs calculées et relevées, bilan de l'année."""

from django.db import models
from django.utils import timezone

from maillage.comptes.models import Utilisateur
from maillage.core.models import SauvegardeDeChamp, Versionnee
from maillage.projets.choices import (
    CACHE,
    Calendrier,
    DegreAtteinte,
    Frequence,
    ListeIndicateur,
    Niveau,
    SourceIndicateur,
    SuiteDonnee,
)
from maillage.projets.models.fiche import FicheAction
from maillage.projets.querysets import IndicateurQuerySet


class Indicateur(Versionnee):
    """Ce que l'on regardera. Quantitatif : un nombre et son unité ; qualitatif : quatre degrés et des mots.

    `definition` : ce que Maillage compte, dans les mots de `evaluation.definitions` ; vide pour une saisie.
    """

    fiche = models.ForeignKey(FicheAction, models.CASCADE, related_name="indicateurs")
    liste = models.CharField(max_length=20, choices=ListeIndicateur, default=ListeIndicateur.QUANTITATIVE)
    rang = models.PositiveSmallIntegerField(default=1)
    libelle = models.TextField("libellé")
    source = models.CharField(max_length=10, choices=SourceIndicateur, default=SourceIndicateur.SAISIE)
    definition = models.JSONField("définition", default=dict, blank=True)
    unite = models.CharField("unité", max_length=60, blank=True)
    depart = models.DecimalField("valeur de départ", max_digits=14, decimal_places=2, null=True, blank=True)
    depart_annee = models.PositiveSmallIntegerField("année de départ", null=True, blank=True)
    frequence = models.CharField("fréquence", max_length=20, choices=Frequence, default=Frequence.ANNUELLE)
    calendrier = models.CharField(max_length=10, choices=Calendrier, default=Calendrier.CIVILE)
    responsable = models.ForeignKey(Utilisateur, models.PROTECT, null=True, blank=True, related_name="+")
    methode = models.TextField("d’où vient la réponse", blank=True)

    objects = IndicateurQuerySet.as_manager()

    class Meta:
        ordering = ["liste", "rang", "pk"]

    def __str__(self) -> str:
        return self.libelle

    @property
    def est_quantitatif(self) -> bool:
        return self.liste == ListeIndicateur.QUANTITATIVE


class Cible(models.Model):
    """Où le centre veut arriver, cette année-là. Posée avant l'envoi du dossier, elle ne bouge plus ensuite."""

    indicateur = models.ForeignKey(Indicateur, models.CASCADE, related_name="cibles")
    annee = models.PositiveSmallIntegerField("année")
    valeur = models.DecimalField(max_digits=14, decimal_places=2)
    posee_le = models.DateTimeField("posée le", default=timezone.now)

    class Meta:
        ordering = ["annee"]
        constraints = [models.UniqueConstraint(fields=["indicateur", "annee"], name="une_cible_par_annee")]


class ValeurCalculee(models.Model):
    """Ce que Maillage a compté pour une année. Se refait à volonté : ni journal, ni histoire.

    `couverture` : ce que le nombre couvre, en mots. `detail` : par mois, par lieu, et les autres mesures de la
    définition (`evaluation.calcul`). Le bilan clos, `valeur` ne bouge plus ; `depuis_la_cloture` dit ce que donnent
    les saisies tardives. `dehors` : mesure par mesure, ce qu'en lit qui n'est pas du centre (`evaluation.secret`) ;
    tant que rien ne le dit, tout se cache.
    """

    indicateur = models.ForeignKey(Indicateur, models.CASCADE, related_name="valeurs_calculees")
    annee = models.PositiveSmallIntegerField("année")
    valeur = models.DecimalField(max_digits=14, decimal_places=2)
    couverture = models.TextField(blank=True)
    detail = models.JSONField("détail", default=list, blank=True)
    dehors = models.JSONField("ce qui se lit du dehors", default=list, blank=True)
    depuis_la_cloture = models.DecimalField(
        "ce que cela donnerait depuis", max_digits=14, decimal_places=2, null=True, blank=True
    )
    calculee_le = models.DateTimeField("calculée le", default=timezone.now)

    class Meta:
        verbose_name = "valeur calculée"
        verbose_name_plural = "valeurs calculées"
        ordering = ["annee"]
        constraints = [
            models.UniqueConstraint(fields=["indicateur", "annee"], name="une_valeur_calculee_par_annee")
        ]

    @property
    def cachee(self) -> str:
        """« moins de 11 », « caché » : ce que lit à la place qui n'est pas du centre ; vide, il lit le nombre."""
        return self.dehors[0]["mot"] if self.dehors else CACHE


class Releve(Versionnee):
    """Ce qu'une personne a noté pour une année : un nombre, ou la correction motivée d'un calcul, ou un degré
    avec des mots, une parole, qui en a jugé et quand."""

    indicateur = models.ForeignKey(Indicateur, models.PROTECT, related_name="releves")
    annee = models.PositiveSmallIntegerField("année")
    valeur = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    motif = models.TextField("pourquoi corriger", blank=True)
    niveau = models.CharField(max_length=20, choices=Niveau, blank=True)
    mots = models.TextField(blank=True)
    parole = models.TextField("une parole entendue", blank=True)
    juge_par = models.CharField("qui en a jugé", max_length=200, blank=True)
    juge_le = models.DateField("quand", null=True, blank=True)
    saisi_par = models.ForeignKey(Utilisateur, models.PROTECT, null=True, related_name="+")
    saisi_le = models.DateTimeField("saisi le", default=timezone.now)

    class Meta:
        verbose_name = "relevé"
        ordering = ["annee"]
        constraints = [models.UniqueConstraint(fields=["indicateur", "annee"], name="un_releve_par_annee")]


class BilanDeFiche(Versionnee):
    """L'année d'une fiche : ce qui est atteint, ce qui a marché ou non, ce qu'on décide, ce qu'on retient."""

    fiche = models.ForeignKey(FicheAction, models.PROTECT, related_name="bilans")
    annee = models.PositiveSmallIntegerField("année")
    degre = models.CharField("degré atteint", max_length=20, choices=DegreAtteinte, blank=True)
    a_marche = models.TextField("ce qui a marché", blank=True)
    n_a_pas_marche = models.TextField("ce qui n’a pas marché", blank=True)
    suite = models.CharField("suite donnée", max_length=20, choices=SuiteDonnee, blank=True)
    lecon = models.TextField("leçon", blank=True)
    clos_le = models.DateTimeField("clos le", null=True, blank=True)
    clos_par = models.ForeignKey(Utilisateur, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "bilan d’une fiche"
        verbose_name_plural = "bilans des fiches"
        ordering = ["-annee"]
        constraints = [models.UniqueConstraint(fields=["fiche", "annee"], name="un_bilan_par_annee")]


class SauvegardeDeBilan(SauvegardeDeChamp):
    bilan = models.ForeignKey(BilanDeFiche, models.CASCADE, related_name="sauvegardes")

    class Meta(SauvegardeDeChamp.Meta):
        verbose_name = "sauvegarde d’un bilan"
        verbose_name_plural = "sauvegardes des bilans"
        indexes = [models.Index(fields=["bilan", "champ", "-id"], name="sauvegardes_d_un_bilan")]
