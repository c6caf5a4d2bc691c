"""Les référentiels déposés : une fédération écrit le sien, Maillage garde celui que suit chaque projet."""

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from maillage.comptes.models import Utilisateur
from maillage.projets.choices import EtatReferentiel
from maillage.projets.models.cadre import ProjetSocial
from maillage.projets.querysets import VersionDeReferentielQuerySet
from maillage.territoire.models import Departement, Institution


class VersionDeReferentiel(models.Model):
    """Un fichier de référentiel, tel qu'il a été déposé. Son texte ne change plus : on dépose la version suivante.

    `cle` : de quel référentiel c'est une version. Sans `institution`, elle vaut pour tous ; avec, pour son
    territoire, ou pour ce seul `departement`.
    """

    cle = models.CharField("clé", max_length=60)
    nom = models.CharField(max_length=200)
    version = models.CharField(max_length=40)
    numero = models.PositiveSmallIntegerField("numéro")
    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="referentiels"
    )
    departement = models.ForeignKey(
        Departement, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="département"
    )
    texte = models.TextField()
    empreinte = models.CharField(max_length=64)
    etat = models.CharField("état", max_length=20, choices=EtatReferentiel, default=EtatReferentiel.A_RELIRE)
    deposee_le = models.DateTimeField("déposée le", default=timezone.now)
    deposee_par = models.ForeignKey(
        Utilisateur, models.PROTECT, null=True, related_name="+", verbose_name="déposée par"
    )
    publiee_le = models.DateTimeField("publiée le", null=True, blank=True)

    objects = VersionDeReferentielQuerySet.as_manager()

    class Meta:
        verbose_name = "version de référentiel"
        verbose_name_plural = "versions de référentiel"
        ordering = ["nom", "-numero", "-pk"]
        constraints = [
            models.UniqueConstraint(
                F("cle"),
                Coalesce(F("institution"), Value(0)),
                Coalesce(F("departement"), Value("")),
                condition=Q(etat="en_vigueur"),
                name="un_referentiel_en_vigueur_par_lieu",
            )
        ]

    def __str__(self) -> str:
        return f"{self.nom}, version {self.version}"

    @property
    def lieu(self) -> str:
        """Pour qui elle vaut."""
        if self.institution is None:
            return "Tous les centres"
        return str(self.departement or self.institution)


class ReferentielSuivi(models.Model):
    """La version qu'un projet garde, quand une plus récente est venue après lui, ou que la direction l'a choisie."""

    projet = models.OneToOneField(ProjetSocial, models.CASCADE, related_name="referentiel_suivi")
    version = models.ForeignKey(VersionDeReferentiel, models.PROTECT, related_name="suivis")
    depuis = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "référentiel suivi"
        verbose_name_plural = "référentiels suivis"
        ordering = ["projet"]
