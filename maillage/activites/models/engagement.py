"""Ce que les habitants portent : initiatives, bénévolat."""

from django.db import models
from django.utils import timezone

from maillage.activites.choices import EtatInitiative, GenreInitiative
from maillage.activites.models.activite import Activite, Seance
from maillage.activites.querysets import BenevoleQuerySet, HeuresQuerySet, InitiativeQuerySet
from maillage.comptes.models import Utilisateur
from maillage.core.models import Versionnee
from maillage.personnes.models import Personne, Provenance
from maillage.projets.models import FicheAction
from maillage.territoire.models import Partenaire, Structure


class Initiative(Versionnee):
    """Un projet d'habitants, un collectif, une association que le centre accompagne."""

    structure = models.ForeignKey(Structure, models.PROTECT, related_name="initiatives")
    fiche = models.ForeignKey(
        FicheAction,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="initiatives",
        verbose_name="fiche action",
    )
    genre = models.CharField(max_length=20, choices=GenreInitiative, default=GenreInitiative.PROJET)
    titre = models.CharField(max_length=160)
    description = models.TextField(blank=True)
    portee_par = models.CharField("portée par", max_length=160, blank=True)
    etat = models.CharField("état", max_length=20, choices=EtatInitiative, default=EtatInitiative.IDEE)
    publics = models.JSONField(default=list, blank=True)
    instance = models.CharField(max_length=120, blank=True)
    age = models.CharField("âge des porteurs", max_length=20, blank=True)
    provenance = models.ForeignKey(
        Provenance, models.PROTECT, null=True, blank=True, related_name="initiatives"
    )
    partenaires = models.ManyToManyField(Partenaire, blank=True, related_name="initiatives")
    referente = models.ForeignKey(
        Utilisateur, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="suivie par"
    )
    nee_le = models.DateField("née le", default=timezone.localdate)

    objects = InitiativeQuerySet.as_manager()

    class Meta:
        ordering = ["-nee_le", "-pk"]

    def __str__(self) -> str:
        return self.titre


class SuiviDInitiative(models.Model):
    """Une date de la vie d'une initiative : un rendez-vous, un état nouveau. C'est ce qui la rend « accompagnée »
    cette année-là."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="suivis")
    le = models.DateField(default=timezone.localdate)
    etat = models.CharField("état", max_length=20, choices=EtatInitiative, blank=True)
    mot = models.TextField(blank=True)
    par = models.ForeignKey(Utilisateur, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "suivi d’une initiative"
        verbose_name_plural = "suivis des initiatives"
        ordering = ["-le", "-pk"]


class Benevole(Versionnee):
    """L'engagement d'une personne : depuis quand, ce qu'elle propose, quand elle est libre."""

    structure = models.ForeignKey(Structure, models.PROTECT, related_name="benevoles")
    personne = models.ForeignKey(Personne, models.PROTECT, related_name="engagements")
    depuis = models.DateField(default=timezone.localdate)
    jusqu_au = models.DateField("jusqu’au", null=True, blank=True)
    missions = models.CharField(max_length=200, blank=True)
    disponibilites = models.CharField("disponibilités", max_length=200, blank=True)

    objects = BenevoleQuerySet.as_manager()

    class Meta:
        verbose_name = "bénévole"
        ordering = ["-depuis", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["personne"],
                condition=models.Q(jusqu_au=None),
                name="un_engagement_en_cours_par_personne",
                violation_error_message="Cette personne est déjà bénévole.",
            )
        ]


class HeuresDeBenevolat(models.Model):
    """Des heures données un jour : d'une bénévole connue, ou de plusieurs personnes sans nom.

    `heures` : total pour la ligne, toutes personnes comprises. `age` : la bénévole effacée, le premier âge de sa
    bande cette année-là.
    """

    structure = models.ForeignKey(Structure, models.PROTECT, related_name="heures_de_benevolat")
    benevole = models.ForeignKey(
        Benevole, models.PROTECT, null=True, blank=True, related_name="heures", verbose_name="bénévole"
    )
    nombre = models.PositiveSmallIntegerField("nombre de personnes", default=1)
    activite = models.ForeignKey(
        Activite, models.PROTECT, null=True, blank=True, related_name="heures_de_benevolat"
    )
    seance = models.ForeignKey(
        Seance, models.PROTECT, null=True, blank=True, related_name="heures_de_benevolat"
    )
    jour = models.DateField(default=timezone.localdate)
    heures = models.DecimalField(max_digits=6, decimal_places=2)
    mission = models.CharField(max_length=120, blank=True)
    notees_par = models.ForeignKey(Utilisateur, models.PROTECT, null=True, related_name="+")
    age = models.PositiveSmallIntegerField("âge gardé à l’effacement", null=True, blank=True, editable=False)

    objects = HeuresQuerySet.as_manager()

    class Meta:
        verbose_name = "heures de bénévolat"
        verbose_name_plural = "heures de bénévolat"
        ordering = ["-jour", "-pk"]
        indexes = [models.Index(fields=["structure", "jour"], name="heures_d_une_structure")]


class FormationDeBenevole(models.Model):
    """Une formation suivie par une bénévole."""

    benevole = models.ForeignKey(Benevole, models.CASCADE, related_name="formations")
    titre = models.CharField(max_length=160)
    jour = models.DateField(default=timezone.localdate)
    heures = models.DecimalField(max_digits=6, decimal_places=2)

    class Meta:
        verbose_name = "formation d’une bénévole"
        verbose_name_plural = "formations des bénévoles"
        ordering = ["-jour", "-pk"]
