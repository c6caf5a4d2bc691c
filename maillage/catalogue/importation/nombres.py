"""Nombres écrits à la française : « 100.200 », « 38 297.47 », « une dizaine de », « entre 15 et 20 »."""

import re
import unicodedata
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from maillage.catalogue.choices import GenreMoyen

ESPACES = " \u00a0\u202f"
NOMBRE = rf"(?>\d(?<![\w.,]\d)(?:\d{{0,2}}(?:[{ESPACES}.]\d{{3}})+(?!\d)|\d*)(?:[.,]\d{{1,2}}(?!\d))?)"
"""Milliers séparés par une espace ou un point, décimales après une virgule ou un point."""

_JUSQU_A_DOUZE = (
    "un",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
)
EN_LETTRES = {mot: valeur for valeur, mot in enumerate(_JUSQU_A_DOUZE, start=1)} | {
    "une": 1,
    "quinze": 15,
    "vingt": 20,
    "trente": 30,
    "quarante": 40,
    "cinquante": 50,
    "soixante": 60,
    "cent": 100,
}
EN_AINE = {
    "huitaine": 8,
    "dizaine": 10,
    "douzaine": 12,
    "quinzaine": 15,
    "vingtaine": 20,
    "trentaine": 30,
    "quarantaine": 40,
    "cinquantaine": 50,
    "soixantaine": 60,
    "centaine": 100,
}
_A_PEU_PRES = re.compile(
    r"(?:environ|près\s+de|presque|plus\s+d(?:e|['’])|moins\s+de|au\s+moins|autour\s+de|à\s+peu\s+près|ordre\s+de|"
    r"jusqu['’]à|approximativement|entre|~|≈)\s*$",
    re.IGNORECASE,
)
_MILLIERS = re.compile(rf"[{ESPACES}.](?=\d{{3}})")


def lire_nombre(ecrit: str) -> Decimal:
    """« 100.200 » vaut cent mille deux cents ; « 4256.95 » garde ses centimes."""
    return Decimal(_MILLIERS.sub("", ecrit).replace(",", "."))


def debut_de_l_approximation(texte: str, debut: int) -> int | None:
    """Où commence « environ », « près de », « entre »… s'il précède ce qui est à `debut`."""
    trouve = _A_PEU_PRES.search(texte, max(0, debut - 20), debut)
    return trouve.start() if trouve else None


@lru_cache(maxsize=8192)
def sans_accents(mot: str) -> str:
    decompose = unicodedata.normalize("NFD", mot.lower())
    return "".join(lettre for lettre in decompose if not unicodedata.combining(lettre))


@lru_cache(maxsize=8192)
def est_a_une_faute(mot: str, voulu: str) -> bool:
    """Vrai si une lettre en trop, en moins, changée, ou deux lettres échangées séparent les deux mots."""
    if mot == voulu:
        return True
    if abs(len(mot) - len(voulu)) > 1:
        return False
    commun = next(
        (i for i, (a, b) in enumerate(zip(mot, voulu, strict=False)) if a != b), min(len(mot), len(voulu))
    )
    reste, voulu_reste = mot[commun:], voulu[commun:]
    return (
        reste[1:] == voulu_reste
        or reste == voulu_reste[1:]
        or reste[1:] == voulu_reste[1:]
        or (reste[:2] == voulu_reste[1::-1] and reste[2:] == voulu_reste[2:])
    )


@dataclass(frozen=True, slots=True)
class MoyenLu:
    """`texte[debut:fin] == extrait` dans le champ. `est_retenu` : assez sûr pour la tête de la fiche."""

    genre: GenreMoyen
    valeur: Decimal
    champ: str
    debut: int
    fin: int
    extrait: str
    periode: str = ""
    est_approximatif: bool = False
    est_retenu: bool = False

    def retenu(self) -> "MoyenLu":
        return replace(self, est_retenu=True)
