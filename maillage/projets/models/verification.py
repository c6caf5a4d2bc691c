"""Ce qui entoure l'envoi : les pièces jointes au dossier, et ce que l'on a décidé de chaque point relevé."""

from django.db import models
from django.utils import timezone

from maillage.comptes.models import Utilisateur
from maillage.core.models import Versionnee
from maillage.projets.choices import GenreManque
from maillage.projets.models.cadre import ProjetSocial, Tache
from maillage.projets.querysets import PieceDuDossierQuerySet, PointDeVerificationQuerySet


class PieceDuDossier(Versionnee):
    """Un fichier que l'on joint au dossier. `cle` : la pièce attendue du référentiel ; vide, une pièce libre.

    Ôtée, elle garde son fichier un mois ; un fichier qu'un envoi cite ne s'efface jamais.
    """

    projet = models.ForeignKey(ProjetSocial, models.PROTECT, related_name="pieces")
    cle = models.CharField("pièce attendue", max_length=60, blank=True)
    nom = models.CharField(max_length=200)
    nom_du_fichier = models.CharField(max_length=200)
    chemin = models.CharField(max_length=160, blank=True)
    type_mime = models.CharField(max_length=100)
    taille = models.PositiveIntegerField()
    empreinte = models.CharField(max_length=64)
    fournie_le = models.DateField("fournie le", default=timezone.localdate)
    valable_jusqu_au = models.DateField("valable jusqu’au", null=True, blank=True)
    deposee_par = models.ForeignKey(
        Utilisateur, models.PROTECT, null=True, related_name="+", verbose_name="déposée par"
    )
    otee_le = models.DateTimeField("ôtée le", null=True, blank=True)

    objects = PieceDuDossierQuerySet.as_manager()

    class Meta:
        verbose_name = "pièce du dossier"
        verbose_name_plural = "pièces du dossier"
        ordering = ["nom", "pk"]

    def __str__(self) -> str:
        return self.nom

    @property
    def est_perimee(self) -> bool:
        return self.valable_jusqu_au is not None and self.valable_jusqu_au < timezone.localdate()


class PointDeVerification(models.Model):
    """Ce que l'on sait d'un point relevé : depuis quand, qui s'en charge, pourquoi on le laisse, quand il est réglé.

    Le point lui-même se recalcule à chaque lecture (`projets.manques`) ; `cle` le reconnaît d'une fois sur l'autre.
    `phrase_laissee` : ce qu'il disait quand on l'a laissé ; s'il dit autre chose, il revient.
    """

    projet = models.ForeignKey(ProjetSocial, models.CASCADE, related_name="points")
    cle = models.CharField("clé", max_length=200)
    genre = models.CharField(max_length=20, choices=GenreManque)
    phrase = models.TextField()
    vu_le = models.DateTimeField("vu le", default=timezone.now)
    regle_le = models.DateTimeField("réglé le", null=True, blank=True)
    tache = models.ForeignKey(
        Tache, models.SET_NULL, null=True, blank=True, related_name="points", verbose_name="tâche"
    )
    raison = models.TextField("raison", blank=True)
    phrase_laissee = models.TextField(blank=True)
    laisse_le = models.DateTimeField("laissé le", null=True, blank=True)
    laisse_par = models.ForeignKey(
        Utilisateur, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="laissé par"
    )

    objects = PointDeVerificationQuerySet.as_manager()

    class Meta:
        verbose_name = "point de vérification"
        verbose_name_plural = "points de vérification"
        ordering = ["vu_le", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["projet", "cle"], name="un_point_de_verification_par_cle")
        ]

    def __str__(self) -> str:
        return self.phrase
