"""Les versions des règles d'agrément, lues de `donnees/regles.toml` : des données datées et sourcées."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from maillage.projets.choices import GenreProjetSpecifique
from maillage.projets.models import ProjetSocial
from maillage.territoire.choices import GenreStructure, TypeAgrement

DONNEES = Path(__file__).with_name("donnees") / "regles.toml"


@dataclass(frozen=True, slots=True)
class Rappel:
    """Ce qui s'impose aux projets encore en cours à partir d'une année."""

    a_partir_de: int
    genre: GenreStructure
    specifique: GenreProjetSpecifique
    texte: str
    source: str


@dataclass(frozen=True, slots=True)
class Regle:
    cle: str
    nom: str
    titre: str
    depuis: date
    source: str
    criteres: tuple[str, ...]
    inconnu: tuple[str, ...]
    types: dict[str, tuple[TypeAgrement, ...]]
    rappels: tuple[Rappel, ...]

    def types_de(self, genre: str) -> tuple[TypeAgrement, ...]:
        """Ceux qu'une structure de ce genre peut demander ; tous tant qu'on ne sait pas ce qu'elle est."""
        return self.types.get(genre) or tuple(t for types in self.types.values() for t in types)


@cache
def regles() -> tuple[Regle, ...]:
    """De la plus ancienne à la plus récente."""
    lues = tomllib.loads(DONNEES.read_text(encoding="utf-8"))["regles"]
    return tuple(sorted(map(_lire, lues), key=lambda regle: regle.depuis))


def _lire(donnees: dict[str, Any]) -> Regle:
    types = {genre: tuple(map(TypeAgrement, demandes)) for genre, demandes in donnees["types"].items()}
    rappels = tuple(
        Rappel(
            **rappel
            | {
                "genre": GenreStructure(rappel["genre"]),
                "specifique": GenreProjetSpecifique(rappel["specifique"]),
            }
        )
        for rappel in donnees.get("rappels", ())
    )
    listes = {nom: tuple(donnees[nom]) for nom in ("criteres", "inconnu")}
    return Regle(**donnees | listes | {"types": types, "rappels": rappels})


def regle(cle: str) -> Regle | None:
    return next((une for une in regles() if une.cle == cle), None)


def regle_du(jour: date) -> Regle:
    """La plus récente ce jour-là."""
    return [regles()[0], *(une for une in regles() if une.depuis <= jour)][-1]


def rappels_de(projet: ProjetSocial) -> list[Rappel]:
    """Ce que le projet doit avoir et n'a pas encore, d'après les règles connues."""
    return [
        rappel
        for une in regles()
        for rappel in une.rappels
        if rappel.genre == projet.structure.genre
        and projet.au.year >= rappel.a_partir_de
        and not projet.specifiques.filter(genre=rappel.specifique).exists()
    ]
