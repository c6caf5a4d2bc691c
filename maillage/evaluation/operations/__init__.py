"""Les actes des mesures."""

from maillage.evaluation.operations.calcul import recalculer_fiche, recalculer_fiches
from maillage.evaluation.operations.export_des_lignes import (
    noter_l_export_des_lignes,
    noter_l_export_des_noms,
)
from maillage.evaluation.operations.phrases import (
    accepter_les_phrases,
    ajouter_un_modele,
    definir_indicateur,
)
from maillage.evaluation.operations.tableau import recalculer_centre

__all__ = [
    "accepter_les_phrases",
    "ajouter_un_modele",
    "definir_indicateur",
    "noter_l_export_des_lignes",
    "noter_l_export_des_noms",
    "recalculer_centre",
    "recalculer_fiche",
    "recalculer_fiches",
]
