"""Où en est le calcul de chaque fiche."""

from django.db import models
from django.utils import timezone

from maillage.projets.models import FicheAction


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
