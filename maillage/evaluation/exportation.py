"""Les lignes derrière un nombre, dans un tableur : les mêmes mots et les mêmes masques qu'à l'écran."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from maillage.catalogue.exportation.formats import TYPES, ecrire
from maillage.evaluation.calcul import MesureCalculee
from maillage.evaluation.provenance import Lignes

__all__ = ["FORMATS", "TYPES", "lignes_en_fichier"]
FORMATS: Final = ("xlsx", "csv")
COLONNES: Final = ("Mesure", "Le", "Quoi", "Précision", "Qui")


def lignes_en_fichier(groupes: Iterable[tuple[MesureCalculee, Lignes]], format: str) -> Iterator[bytes]:
    """Morceau par morceau. Lève `ValueError` pour un format inconnu."""
    return ecrire(_lignes(groupes), COLONNES, format, titre="Lignes comptées")


def _lignes(groupes: Iterable[tuple[MesureCalculee, Lignes]]) -> Iterator[dict[str, Any]]:
    for calculee, lignes in groupes:
        for une in lignes:
            valeurs = (str(calculee.mesure.label), une.quand, une.quoi, une.precision, une.qui)
            yield dict(zip(COLONNES, valeurs, strict=True))
