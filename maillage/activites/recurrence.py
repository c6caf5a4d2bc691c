"""Les jours d'une série : chaque mardi de 14 h à 16 h, du … au …, sauf vacances et jours fériés. Sans base."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from maillage.activites.calendrier_scolaire import annees_inconnues, vacances_le
from maillage.territoire.horaires import jour_ferie

DUREE_MAX: Final = timedelta(days=2 * 366)
"""Une série plus longue se repose chaque année : on ne connaît pas les vacances si loin."""


@dataclass(frozen=True, slots=True)
class JourDeSerie:
    """Un jour que la règle donne ; `saute` dit pourquoi aucune séance n'y est posée."""

    jour: date
    saute: str = ""


@dataclass(frozen=True, slots=True)
class Regle:
    """`jour` : lundi = 0. `departement` : celui du centre, pour ses jours fériés."""

    jour: int
    debut: time
    fin: time
    du: date
    au: date
    toutes_les: int = 1
    saute_les_vacances: bool = True
    saute_les_feries: bool = True
    zone: str = ""
    departement: str = ""

    def jours(self) -> list[JourDeSerie]:
        """Tous, dans l'ordre, sautés compris. Le premier fixe la semaine quand c'est une sur deux."""
        jour = self.du + timedelta(days=(self.jour - self.du.weekday()) % 7)
        trouves = []
        while jour <= self.au:
            trouves.append(JourDeSerie(jour, self._saute(jour)))
            jour += timedelta(weeks=self.toutes_les)
        return trouves

    def _saute(self, jour: date) -> str:
        if self.saute_les_feries and (ferie := jour_ferie(jour, self.departement)):
            return f"jour férié, {ferie}"
        return vacances_le(jour, self.zone) if self.saute_les_vacances else ""

    def annees_inconnues(self) -> list[str]:
        """Celles dont nous n'avons pas les vacances : rien n'y est sauté, et la page le dit."""
        return annees_inconnues(self.zone, self.du, self.au) if self.saute_les_vacances else []

    def instants(self, jour: date, fuseau: ZoneInfo) -> dict[str, datetime]:
        """Le début et la fin ce jour-là : la même heure à la pendule, été comme hiver."""
        return {
            "debut": datetime.combine(jour, self.debut, fuseau),
            "fin": datetime.combine(jour, self.fin, fuseau),
        }

    @property
    def valeurs(self) -> dict[str, Any]:
        """Les champs de `Serie`."""
        noms = (
            "jour",
            "debut",
            "fin",
            "du",
            "au",
            "toutes_les",
            "saute_les_vacances",
            "saute_les_feries",
            "zone",
        )
        return {nom: getattr(self, nom) for nom in noms}


def lundi(jour: date) -> date:
    """Celui de sa semaine."""
    return jour - timedelta(days=jour.weekday())
