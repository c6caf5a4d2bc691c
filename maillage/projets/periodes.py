"""L'année sur laquelle on compte : civile, scolaire, ou du projet ; ses bornes à l'heure du centre."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from django.utils import timezone

from maillage.core.francais import MOIS, date_longue
from maillage.projets.choices import Calendrier
from maillage.projets.models import ProjetSocial
from maillage.territoire.models import Structure

RENTREE: Final = (9, 1)
"""L'année scolaire va du 1er septembre au 31 août ; elle porte le nom de l'année où elle commence."""


@dataclass(frozen=True, slots=True)
class Periode:
    """Bornes comprises, en jours du centre. `annee` : celle qui la nomme."""

    annee: int
    du: date
    au: date
    fuseau: ZoneInfo

    @property
    def debut(self) -> datetime:
        return datetime.combine(self.du, time.min, self.fuseau)

    @property
    def fin(self) -> datetime:
        """Le premier instant d'après."""
        return datetime.combine(self.au + timedelta(days=1), time.min, self.fuseau)

    @property
    def mois(self) -> list[str]:
        """Ceux qu'elle touche, dans l'ordre : « septembre 2025 » ; un an commencé en plein mois en touche treize."""
        premier, dernier = (un.year * 12 + un.month - 1 for un in (self.du, self.au))
        return [f"{MOIS[rang % 12]} {rang // 12}" for rang in range(premier, dernier + 1)]

    def ecoulee(self, jour: date) -> Decimal:
        """De 0, pas commencée, à 1, finie."""
        jours = min(max((jour - self.du).days + 1, 0), (self.au - self.du).days + 1)
        return Decimal(jours) / ((self.au - self.du).days + 1)

    @property
    def est_civile(self) -> bool:
        return (self.du.month, self.du.day) == (1, 1)

    def __str__(self) -> str:
        if self.est_civile:
            return str(self.annee)
        return f"du {date_longue(self.du)} au {date_longue(self.au)}"


def periode(calendrier: str, annee: int, projet: ProjetSocial) -> Periode:
    """L'année qui commence en `annee`."""
    if calendrier == Calendrier.PROJET:
        return _annee(annee, (projet.du.month, projet.du.day), projet.structure)
    return annee_du_centre(calendrier, annee, projet.structure)


def annee_du_centre(calendrier: str, annee: int, structure: Structure) -> Periode:
    """L'année civile ou scolaire qui commence en `annee`, sans projet."""
    return _annee(annee, RENTREE if calendrier == Calendrier.SCOLAIRE else (1, 1), structure)


def periodes(calendrier: str, projet: ProjetSocial) -> Iterator[Periode]:
    """Celles du projet qui ont commencé. L'année scolaire en cours au premier jour du projet en est."""
    aujourd_hui = timezone.localdate(timezone=projet.structure.fuseau)
    for annee in range(projet.du.year - 1, projet.au.year + 1):
        une = periode(calendrier, annee, projet)
        if une.du <= min(projet.au, aujourd_hui) and une.au >= projet.du:
            yield une


def court_apres_son_annee(calendrier: str, annee: int, projet: ProjetSocial) -> bool:
    """À cheval sur deux années civiles, et pas finie : clore le bilan de la première la couperait au milieu."""
    une = periode(calendrier, annee, projet)
    return une.au.year > annee and une.au >= timezone.localdate(timezone=une.fuseau)


def dire_qu_elle_court(calendrier: str, annee: int, projet: ProjetSocial) -> str:
    """« L'année scolaire court encore », ou quand elle commencera ; vide une fois finie : sa valeur peut manquer."""
    if not court_apres_son_annee(calendrier, annee, projet):
        return ""
    une = periode(calendrier, annee, projet)
    dite = f"L’{Calendrier(calendrier).label.lower()}"
    if une.du > timezone.localdate(timezone=une.fuseau):
        return f"{dite} commence le {date_longue(une.du)}"
    return f"{dite} court encore"


def periode_en_cours(calendrier: str, projet: ProjetSocial) -> Periode | None:
    """Celle où l'on est ; le projet fini, sa dernière ; aucune avant qu'il commence."""
    commencees = list(periodes(calendrier, projet))
    return commencees[-1] if commencees else None


def _annee(annee: int, depart: tuple[int, int], structure: Structure) -> Periode:
    du, apres = _jour(annee, *depart), _jour(annee + 1, *depart)
    return Periode(annee, du, apres - timedelta(days=1), structure.fuseau)


def _jour(annee: int, mois: int, jour: int) -> date:
    """Un projet né un 29 février a ses anniversaires le 1er mars."""
    try:
        return date(annee, mois, jour)
    except ValueError:
        return date(annee, mois + 1, 1)
