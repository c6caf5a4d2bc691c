"""Ce que rend une mesure comptée, et ce qui ne se compte pas encore."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db.models import QuerySet

from maillage.evaluation.calcul.sources import Source, additionner
from maillage.evaluation.choices import Mesure


@dataclass(frozen=True)
class Decompte:
    """Une mesure comptée. Sans valeur, `manque` dit ce qu'il faut faire ; `couverture` dit ce que le nombre couvre.

    `gens` : sur combien de gens, ou de leurs venues, elle porte ; None quand elle ne dit rien d'eux.
    """

    valeur: Decimal | None = None
    couverture: str = ""
    manque: str = ""
    sources: tuple[Source, ...] = ()
    gens: int | None = None

    @property
    def lignes(self) -> tuple[QuerySet[Any], ...]:
        return tuple(source.lignes for source in self.sources)

    def detail(self, axe: str) -> dict[str, Decimal]:
        return additionner([source.detail(axe) for source in self.sources])


AILLEURS: Final = {
    Mesure.ENTRETIENS: "Les entretiens individuels ne se notent pas encore dans Maillage. Tapez le nombre.",
    Mesure.ACCOMPAGNEMENTS: "Les accompagnements ne se notent pas encore dans Maillage. Tapez le nombre.",
    Mesure.ORIENTATIONS: "Les orientations avec un nom ne se notent pas encore dans Maillage. Tapez le nombre.",
    Mesure.PRESCRIPTIONS: "Les prescriptions ne se notent pas encore dans Maillage. Tapez le nombre.",
    Mesure.RESULTATS_ACCOMPAGNEMENT: "L’issue des accompagnements ne se note pas encore dans Maillage.",
    Mesure.CONVENTIONS: "Les conventions ne se notent pas encore dans Maillage. Tapez le nombre.",
    Mesure.STATISTIQUES_WEB: "L’audience des pages du centre n’est pas encore reliée aux indicateurs.",
    Mesure.MANUEL: "L’équipe tape ce nombre.",
}
"""Ce que le quotidien ne note pas : le nombre se tape."""
