"""Combien de temps un centre garde une fiche : deux ans au plus, moins quand il le décide."""

from typing import Final

from maillage.personnes.choices import JOURS_GARDES
from maillage.personnes.conservation import DUREE
from maillage.personnes.models import DureeDeConservation

DUREES: Final = {183: "six mois", 365: "un an", 548: "dix-huit mois", JOURS_GARDES: "deux ans"}
"""Jours → comme on le dit."""


def jours_gardes(structure_id: int) -> int:
    fixee = DureeDeConservation.objects.filter(structure=structure_id).values_list("jours", flat=True).first()
    return JOURS_GARDES if fixee is None else int(fixee)


def dire(jours: int) -> str:
    return DUREES.get(jours, f"{jours} jours")


def raccourcir(duree: str, jours: int) -> str:
    """La durée qu'une pièce déclare, telle que le centre l'a raccourcie."""
    return duree.replace(DUREE, DUREE.replace("deux ans", dire(jours)))
