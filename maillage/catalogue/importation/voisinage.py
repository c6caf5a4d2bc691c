"""Les doublons possibles : deux fiches presque pareilles d'une même structure. Une personne tranchera.

On compare des ensembles de mots, dans une structure et sur un nombre borné de fiches : le coût d'une fiche ne
grandit pas avec le catalogue.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

from maillage.core.recherche.analyse import replier

SEUIL = 0.7
MOTS_MIN = 6
"""Deux résumés plus courts se ressemblent par hasard."""
FICHES_MAX = 60
"""Par structure : on compare aux plus récentes."""
LONGUEUR_LUE = 400
_MOT = re.compile("[a-z0-9]{2,}")

Fiche = TypeVar("Fiche")


class Voisinage(Generic[Fiche]):
    """Les fiches d'une structure, par leurs mots. `Fiche` : ce qui les désigne."""

    def __init__(self, connues: Iterable[tuple[Fiche, str, str]] = ()) -> None:
        self._fiches: deque[tuple[Fiche, frozenset[str], frozenset[str]]] = deque(maxlen=FICHES_MAX)
        for fiche, titre, resume in connues:
            self._fiches.append((fiche, _mots(titre), _mots(resume)))

    def proche(self, titre: str, resume: str) -> Fiche | None:
        """La première fiche dont le titre ou le résumé ressemble à ceux-là."""
        return next(self._proches(_mots(titre), _mots(resume)), None)

    def ajouter(self, fiche: Fiche, titre: str, resume: str) -> None:
        self._fiches.append((fiche, _mots(titre), _mots(resume)))

    def _proches(self, titre: frozenset[str], resume: frozenset[str]) -> Iterator[Fiche]:
        for fiche, autre_titre, autre_resume in self._fiches:
            if _ressemblance(titre, autre_titre) >= SEUIL or (
                min(len(resume), len(autre_resume)) >= MOTS_MIN
                and _ressemblance(resume, autre_resume) >= SEUIL
            ):
                yield fiche


def _mots(texte: str) -> frozenset[str]:
    return frozenset(_MOT.findall(replier(texte[:LONGUEUR_LUE])))


def _ressemblance(un: frozenset[str], autre: frozenset[str]) -> float:
    """Part de mots communs, de 0 à 1."""
    return len(un & autre) / len(un | autre) if un and autre else 0.0
