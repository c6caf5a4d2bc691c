"""Les jours d'un calendrier : une semaine ou un mois, et ce qui s'y tient."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from maillage.activites.models import Seance
from maillage.core.francais import INSECABLE, MOIS, date_longue

JOURS: Final = ("Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi", "Samedi", "Dimanche")


@dataclass(slots=True)
class Jour:
    """`ferme` : le jour férié ou les vacances de ce jour, dit en petit."""

    le: date
    aujourd_hui: date
    seances: list[Seance] = field(default_factory=list)
    ferme: str = ""

    @property
    def nom(self) -> str:
        """« Vendredi 20 », « Mardi 1er »."""
        numero = "1er" if self.le.day == 1 else str(self.le.day)
        return f"{JOURS[self.le.weekday()]}{INSECABLE}{numero}"

    @property
    def nom_entier(self) -> str:
        return f"{JOURS[self.le.weekday()]} {date_longue(self.le)}"

    @property
    def quand(self) -> str:
        ecart: int = (self.le - self.aujourd_hui).days
        return {-1: "hier", 0: "aujourd’hui", 1: "demain"}.get(ecart, "")


@dataclass(frozen=True, slots=True)
class Periode:
    """Une semaine (lundi à dimanche), ou un mois. `du`, `au` : ses bornes, incluses."""

    est_un_mois: bool
    du: date
    au: date

    @classmethod
    def autour(cls, jour: date, *, est_un_mois: bool) -> "Periode":
        if not est_un_mois:
            du = jour - timedelta(days=jour.weekday())
            return cls(False, du, du + timedelta(days=6))
        du = jour.replace(day=1)
        return cls(True, du, (du + timedelta(days=31)).replace(day=1) - timedelta(days=1))

    @property
    def titre(self) -> str:
        """« Novembre 2026 », « Semaine du 16 au 22 novembre 2026 »."""
        if self.est_un_mois:
            return f"{MOIS[self.du.month - 1].capitalize()} {self.du.year}"
        debut = f"{'1er' if self.du.day == 1 else self.du.day}"
        if self.du.month != self.au.month:
            debut += f" {MOIS[self.du.month - 1]}"
        return f"Semaine du {debut} au {date_longue(self.au)}"

    @property
    def avant(self) -> date:
        return self.du - timedelta(days=1)

    @property
    def apres(self) -> date:
        return self.au + timedelta(days=1)

    def instants(self, fuseau: ZoneInfo) -> tuple[datetime, datetime]:
        return (
            datetime.combine(self.du, time.min, fuseau),
            datetime.combine(self.apres, time.min, fuseau),
        )

    def jours(self, seances: Iterable[Seance], aujourd_hui: date) -> list[Jour]:
        nombre = (self.au - self.du).days + 1
        jours = {
            un: Jour(un, aujourd_hui) for un in (self.du + timedelta(days=rang) for rang in range(nombre))
        }
        for seance in seances:
            if seance.jour in jours:
                jours[seance.jour].seances.append(seance)
        return list(jours.values())


def semaines(jours: list[Jour]) -> list[list[Jour | None]]:
    """Des rangées de sept : les cases hors du mois sont vides."""
    cases: list[Jour | None] = [None] * jours[0].le.weekday()
    cases += jours
    cases += [None] * (-len(cases) % 7)
    return [cases[rang : rang + 7] for rang in range(0, len(cases), 7)]


def lire_le_jour(texte: str, sinon: date) -> date:
    """« 2026-11-20 » ; une adresse abîmée montre aujourd'hui."""
    try:
        jour = date.fromisoformat(texte)
    except ValueError:
        return sinon
    return jour if 2000 <= jour.year <= 2100 else sinon
