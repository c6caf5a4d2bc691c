"""Les vacances scolaires d'un lieu (`donnees/vacances.toml`). Une année que nous n'avons pas est dite inconnue."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from maillage.core import francais

_FICHIER = Path(__file__).resolve().parent / "donnees" / "vacances.toml"


@dataclass(frozen=True, slots=True)
class Vacances:
    """Du premier jour sans classe au dernier, inclus."""

    nom: str
    du: date
    au: date


@dataclass(frozen=True, slots=True)
class CalendrierScolaire:
    zones: dict[str, str]
    """Code du département → zone."""
    annees: dict[str, dict[str, list[Vacances]]]
    """« 2026-2027 » → zone → ses vacances."""


@cache
def calendrier() -> CalendrierScolaire:
    lu = tomllib.loads(_FICHIER.read_text(encoding="utf-8"))
    return CalendrierScolaire(
        zones={code: zone for zone, codes in lu["zones"].items() for code in codes},
        annees={
            annee: {zone: [Vacances(*une) for une in vacances] for zone, vacances in zones.items()}
            for annee, zones in lu["annees"].items()
        },
    )


def zones() -> list[str]:
    """Dans l'ordre du fichier : A, B, C, la Corse, les académies d'outre-mer."""
    return list(dict.fromkeys(calendrier().zones.values()))


def zone_de(code_departement: str) -> str:
    """La zone de ce département ; vide quand on ne la connaît pas."""
    return calendrier().zones.get(code_departement, "")


def annee_scolaire(jour: date) -> str:
    """« 2026-2027 », du 1er septembre au 31 août."""
    premiere = jour.year if jour.month >= 9 else jour.year - 1
    return f"{premiere}-{premiere + 1}"


def vacances_le(jour: date, zone: str) -> str:
    """« vacances de Toussaint » ; vide un jour de classe, et quand l'année n'est pas connue."""
    for une in calendrier().annees.get(annee_scolaire(jour), {}).get(zone, ()):
        if une.du <= jour <= une.au:
            return une.nom if une.nom.startswith("pont") else f"vacances {_de(une.nom)}"
    return ""


def annees_inconnues(zone: str, du: date, au: date) -> list[str]:
    """Les années scolaires entre ces deux jours dont nous n'avons pas les vacances."""
    connues = calendrier().annees
    premiere, derniere = int(annee_scolaire(du)[:4]), int(annee_scolaire(au)[:4])
    voulues = (f"{annee}-{annee + 1}" for annee in range(premiere, derniere + 1))
    return [annee for annee in voulues if zone not in connues.get(annee, {})]


def _de(nom: str) -> str:
    return f"de la {nom}" if nom == "Toussaint" else francais.de(nom)
