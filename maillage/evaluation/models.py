"""Où en est le calcul de chaque fiche, et les nombres gardés de chaque centre."""

from django.db import models
from django.utils import timezone

from maillage.evaluation.choices import Decoupe, Grandeur
from maillage.projets.models import FicheAction
from maillage.territoire.models import Site, Structure


class FicheCalculee(models.Model):
    """Le dernier calcul des indicateurs d'une fiche. Se refait à volonté : ni journal, ni histoire.

    `changement_id` : dernier changement que ce calcul a vu ; un calcul plus ancien, fini après lui, ne l'écrase pas.
    `sources` : type d'objet → numéros de ce qui s'y rattachait ; ce qui la quitte la fait recompter.
    """

    fiche = models.OneToOneField(FicheAction, models.CASCADE, related_name="calcul")
    changement_id = models.BigIntegerField(default=0)
    sources = models.JSONField(default=dict)
    calculee_le = models.DateTimeField("calculée le", default=timezone.now)

    class Meta:
        verbose_name = "calcul d’une fiche"
        verbose_name_plural = "calculs des fiches"


class AnneeDuCentre(models.Model):
    """Une année civile d'un centre, comptée d'avance : sa page lit des cellules, elle ne compte rien.

    Se refait à volonté : ni journal, ni histoire. `vus` : par grandeur, le dernier changement que son calcul a vu ; un
    calcul plus ancien, fini après lui, ne l'écrase pas. `couvertures` : ce que chaque nombre couvre, en mots.
    """

    structure = models.ForeignKey(Structure, models.CASCADE, related_name="annees_comptees")
    annee = models.PositiveSmallIntegerField("année")
    vus = models.JSONField(default=dict)
    couvertures = models.JSONField(default=dict)
    calculee_le = models.DateTimeField("calculée le", default=timezone.now)

    class Meta:
        verbose_name = "année d’un centre"
        verbose_name_plural = "années des centres"
        ordering = ["annee"]
        constraints = [
            models.UniqueConstraint(fields=["structure", "annee"], name="une_annee_par_centre"),
        ]


class Cellule(models.Model):
    """Un nombre du bilan d'un centre. `site` vide : tout le centre ; ce qui n'a pas de lieu n'est que là.

    `part` : le mois, l'heure, le jour ; zéro pour l'ensemble. Sans cellule, c'est zéro.
    """

    annee = models.ForeignKey(AnneeDuCentre, models.CASCADE, related_name="cellules")
    grandeur = models.CharField(max_length=30, choices=Grandeur)
    site = models.ForeignKey(Site, models.CASCADE, null=True, related_name="+")
    decoupe = models.CharField("découpe", max_length=10, choices=Decoupe)
    part = models.PositiveSmallIntegerField(default=0)
    valeur = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        ordering = ["grandeur", "decoupe", "part", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["annee", "grandeur", "site", "decoupe", "part"], name="une_cellule_par_lieu"
            ),
            models.UniqueConstraint(
                fields=["annee", "grandeur", "decoupe", "part"],
                condition=models.Q(site=None),
                name="une_cellule_du_centre",
            ),
        ]
