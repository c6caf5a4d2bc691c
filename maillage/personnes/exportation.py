"""Les fichiers que la pièce rend : les lignes d'un import à corriger, l'archive d'une personne."""

import io
from collections.abc import Iterable
from typing import Any

import xlsxwriter

from maillage.catalogue.exportation.formats import cellule
from maillage.core.classeurs import Tableau
from maillage.core.conservation import Chapitre, Valeur
from maillage.personnes.importation import LigneLue


def lignes_a_corriger(tableau: Tableau, lignes: Iterable[LigneLue]) -> bytes:
    """Le même classeur, avec les seules lignes fautives et leurs fautes : on corrige, on redépose."""
    tampon = io.BytesIO()
    classeur = xlsxwriter.Workbook(
        tampon, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    feuille = classeur.add_worksheet("À corriger")
    feuille.write_row(0, 0, [*map(cellule, tableau.entetes), "Ce qu’il faut corriger"])
    for rang, ligne in enumerate(lignes, start=1):
        for colonne, valeur in enumerate([*ligne.brute, " ".join(ligne.fautes)]):
            feuille.write_string(rang, colonne, str(cellule("" if valeur is None else str(valeur))))
    classeur.close()
    return tampon.getvalue()


def archive_d_une_personne(chapitres: Iterable[Chapitre]) -> list[dict[str, Any]]:
    """Tout ce que le centre sait, à relire par une machine (RGPD, article 20)."""
    return [
        {"titre": chapitre.titre, "lignes": [_dite(ligne) for ligne in chapitre.lignes]}
        for chapitre in chapitres
    ]


def _dite(ligne: Iterable[Valeur]) -> dict[str, Any]:
    return {valeur.libelle: valeur.brute for valeur in ligne if valeur.lisible}
