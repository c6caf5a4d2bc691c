"""Ce que la Caf dit d'un envoi : annotations, compléments demandés, avis, lettre de décision."""

from django.db import models
from django.utils import timezone

from maillage.comptes.models import Utilisateur
from maillage.core.models import Versionnee
from maillage.projets.choices import PorteeAnnotation, SensAvis
from maillage.projets.models.cadre import DemandeAgrement, ProjetSocial
from maillage.projets.models.envois import Envoi
from maillage.projets.querysets import (
    AnnotationQuerySet,
    AvisQuerySet,
    DuDossierQuerySet,
    LettreQuerySet,
)
from maillage.territoire.models import Institution


class Annotation(models.Model):
    """Un mot de la Caf sur une section de l'envoi. `ancre` : la section ; vide, l'envoi entier."""

    envoi = models.ForeignKey(Envoi, models.PROTECT, related_name="annotations")
    ancre = models.CharField(max_length=60, blank=True)
    section = models.CharField(max_length=500, blank=True)
    texte = models.TextField()
    portee = models.CharField("portée", max_length=20, choices=PorteeAnnotation, default=PorteeAnnotation.CAF)
    ecrite_le = models.DateTimeField("écrite le", default=timezone.now)
    ecrite_par = models.ForeignKey(
        Utilisateur, models.PROTECT, null=True, related_name="+", verbose_name="écrite par"
    )

    objects = AnnotationQuerySet.as_manager()

    class Meta:
        ordering = ["ecrite_le", "pk"]


class DemandeDeComplements(models.Model):
    """Ce que la Caf demande de compléter, point par point. `reponse` : la version qui y a répondu."""

    envoi = models.ForeignKey(Envoi, models.PROTECT, related_name="complements")
    mot = models.TextField(blank=True)
    delai = models.DateField("délai", null=True, blank=True)
    demandee_le = models.DateTimeField("demandée le", default=timezone.now)
    demandee_par = models.ForeignKey(
        Utilisateur, models.PROTECT, null=True, related_name="+", verbose_name="demandée par"
    )
    reponse = models.ForeignKey(
        Envoi, models.PROTECT, null=True, blank=True, related_name="complements_repondus"
    )
    retiree_le = models.DateTimeField("retirée le", null=True, blank=True)

    objects = DuDossierQuerySet.as_manager()

    class Meta:
        verbose_name = "demande de compléments"
        verbose_name_plural = "demandes de compléments"
        ordering = ["-demandee_le", "-pk"]

    @property
    def est_ouverte(self) -> bool:
        return self.reponse_id is None and self.retiree_le is None


class PointACompleter(Versionnee):
    """Un point de la demande, et ce que le centre en répond. Répondu, il le dit ; la version suivante le montre."""

    demande = models.ForeignKey(DemandeDeComplements, models.CASCADE, related_name="points")
    rang = models.PositiveSmallIntegerField()
    texte = models.TextField()
    reponse = models.TextField("réponse", blank=True)
    repondu_le = models.DateTimeField("répondu le", null=True, blank=True)
    repondu_par = models.ForeignKey(
        Utilisateur, models.PROTECT, null=True, related_name="+", verbose_name="répondu par"
    )

    class Meta:
        verbose_name = "point à compléter"
        verbose_name_plural = "points à compléter"
        ordering = ["rang", "pk"]


class Avis(Versionnee):
    """L'avis technique de la Caf sur une version. `criteres` : [{cle, texte, appreciation, mot}], du référentiel du
    jour où il est rendu. `est_montre` : le centre le lit aussi."""

    envoi = models.OneToOneField(Envoi, models.PROTECT, related_name="avis")
    sens = models.CharField(max_length=20, choices=SensAvis)
    motif = models.TextField(blank=True)
    criteres = models.JSONField("critères", default=list, blank=True)
    est_montre = models.BooleanField("montré au centre", default=False)
    rendu_le = models.DateTimeField("rendu le", default=timezone.now)
    rendu_par = models.ForeignKey(
        Utilisateur, models.PROTECT, null=True, related_name="+", verbose_name="rendu par"
    )

    objects = AvisQuerySet.as_manager()

    class Meta:
        verbose_name = "avis"
        verbose_name_plural = "avis"


class Lettre(models.Model):
    """La lettre qui dit la décision, figée et numérotée par Caf et par année. Annulée avec la décision qu'elle dit."""

    projet = models.ForeignKey(ProjetSocial, models.PROTECT, related_name="lettres")
    envoi = models.ForeignKey(Envoi, models.PROTECT, related_name="lettres")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="lettres")
    demandes = models.ManyToManyField(DemandeAgrement, related_name="lettres")
    annee = models.PositiveSmallIntegerField("année")
    numero = models.PositiveSmallIntegerField("numéro")
    contenu = models.JSONField(default=dict)
    empreinte = models.CharField(max_length=64, blank=True)
    decidee_le = models.DateField("décidée le")
    commission = models.CharField(max_length=200, blank=True)
    mot = models.TextField(blank=True)
    ecrite_le = models.DateTimeField("écrite le", default=timezone.now)
    ecrite_par = models.ForeignKey(
        Utilisateur, models.PROTECT, null=True, related_name="+", verbose_name="écrite par"
    )
    annulee_le = models.DateTimeField("annulée le", null=True, blank=True)

    objects = LettreQuerySet.as_manager()

    class Meta:
        ordering = ["-annee", "-numero", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["institution", "annee", "numero"], name="une_lettre_par_numero")
        ]

    def __str__(self) -> str:
        return f"Lettre n° {self.reference}"

    @property
    def reference(self) -> str:
        return f"{self.annee}-{self.numero:03}"
