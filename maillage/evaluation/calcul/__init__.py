"""Compter ce que dit une définition : ses lignes, sa valeur, ce qu'elle couvre. Ne fait que lire."""

from maillage.evaluation.calcul.centre import Centre
from maillage.evaluation.calcul.mesures import Decompte
from maillage.evaluation.calcul.valeurs import EN_POUR_CENT, MesureCalculee, calculer
from maillage.projets.periodes import (
    Periode,
    annee_du_centre,
    periode,
    periode_en_cours,
    periodes,
)

__all__ = [
    "EN_POUR_CENT",
    "Centre",
    "Decompte",
    "MesureCalculee",
    "Periode",
    "annee_du_centre",
    "calculer",
    "periode",
    "periode_en_cours",
    "periodes",
]
