"""Les actes des mesures."""

from maillage.evaluation.operations.calcul import recalculer_fiche
from maillage.evaluation.operations.phrases import (
    accepter_les_phrases,
    ajouter_un_modele,
    definir_indicateur,
)

__all__ = [
    "accepter_les_phrases",
    "ajouter_un_modele",
    "definir_indicateur",
    "recalculer_fiche",
]
