"""Les jours d'un centre : un instant se lit dans son fuseau, une période se dit en toutes lettres."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.utils import timezone

from maillage.core.francais import MOIS, date_longue
from maillage.territoire.models import Structure

JOURS: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
PAS: Final = {"jour": "Jour", "semaine": "Semaine", "mois": "Mois", "annee": "Année"}


def aujourd_hui(centre: Structure) -> date:
    """Le jour qu'il est au centre : à Papeete, c'est encore hier."""
    return timezone.now().astimezone(centre.fuseau).date()


def instant(centre: Structure, jour: date, heure: time = time.min) -> datetime:
    return datetime.combine(jour, heure, centre.fuseau)


def bornes(centre: Structure, du: date, au: date) -> tuple[datetime, datetime]:
    """Le premier instant du premier jour, et celui qui suit le dernier jour."""
    return instant(centre, du), instant(centre, au + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Periode:
    """Un jour, une semaine, un mois ou une année. `du` et `au` compris."""

    pas: str
    du: date
    au: date

    @classmethod
    def autour(cls, pas: str, jour: date) -> "Periode":
        """Celle de ce pas qui contient ce jour."""
        if pas == "semaine":
            lundi = jour - timedelta(days=jour.weekday())
            return cls(pas, lundi, lundi + timedelta(days=6))
        if pas == "mois":
            premier = jour.replace(day=1)
            return cls(pas, premier, _premier_du_mois_suivant(premier) - timedelta(days=1))
        if pas == "annee":
            return cls(pas, jour.replace(month=1, day=1), jour.replace(month=12, day=31))
        return cls("jour", jour, jour)

    @property
    def suivante(self) -> "Periode":
        return Periode.autour(self.pas, self.au + timedelta(days=1))

    @property
    def precedente(self) -> "Periode":
        return Periode.autour(self.pas, self.du - timedelta(days=1))

    @property
    def de_comparaison(self) -> "Periode":
        """Ce à quoi on la compare : un jour, au même jour de la semaine d'avant ; une semaine, à celle d'avant ; un
        mois, au même mois de l'année d'avant ; une année, à celle d'avant."""
        if self.pas == "jour":
            return Periode.autour("jour", self.du - timedelta(days=7))
        if self.pas == "mois":
            return Periode.autour("mois", self.du.replace(year=self.du.year - 1))
        return self.precedente

    def __str__(self) -> str:
        if self.pas == "annee":
            return str(self.du.year)
        if self.pas == "mois":
            return f"{MOIS[self.du.month - 1]} {self.du.year}"
        if self.pas == "semaine":
            return f"semaine du {date_longue(self.du)}"
        return f"{JOURS[self.du.weekday()]} {date_longue(self.du)}"


def _premier_du_mois_suivant(premier: date) -> date:
    return (premier + timedelta(days=32)).replace(day=1)
