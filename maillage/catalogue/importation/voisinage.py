"""Les doublons possibles : deux fiches presque pareilles d'une même structure. Une personne tranchera.

On compare des ensembles de mots, dans une structure et sur un nombre borné de fiches : le coût d'une fiche ne
grandit pas avec le catalogue.
"""

import re
import unicodedata
from collections import deque
from collections.abc import Iterable
from typing import Generic, TypeVar

SEUIL = 0.7
MOTS_MIN = 6
"""Deux résumés plus courts se ressemblent par hasard."""
FICHES_MAX = 40
"""Par structure : on compare aux plus récentes."""
LONGUEUR_LUE = 300
_MOT = re.compile("[a-z0-9]{2,}")

Fiche = TypeVar("Fiche")


class Voisinage(Generic[Fiche]):
    """Les fiches d'une structure, par leurs mots. `Fiche` : ce qui les désigne."""

    def __init__(
        self, connues: Iterable[tuple[Fiche, str, str]] = (), *, fiches_max: int = FICHES_MAX
    ) -> None:
        self._fiches: deque[tuple[Fiche, _Mots]] = deque(maxlen=fiches_max)
        for fiche, titre, resume in connues:
            self._fiches.append((fiche, _Mots(titre, resume)))

    def accueillir(self, fiche: Fiche, titre: str, resume: str) -> Fiche | None:
        """Rend une fiche dont le titre ou le résumé ressemble à ceux-là, puis range celle-ci parmi les autres."""
        mots = _Mots(titre, resume)
        proche = next((autre for autre, les_siens in self._fiches if mots.ressemblent_a(les_siens)), None)
        self._fiches.append((fiche, mots))
        return proche

    def proches(self, titre: str, resume: str) -> list[Fiche]:
        """Toutes celles dont le titre ou le résumé ressemble à ceux-là."""
        mots = _Mots(titre, resume)
        return [fiche for fiche, les_siens in self._fiches if mots.ressemblent_a(les_siens)]


class _Mots:
    __slots__ = ("resume", "titre")

    def __init__(self, titre: str, resume: str) -> None:
        self.titre = _mots(titre)
        self.resume = _mots(resume)

    def ressemblent_a(self, autres: "_Mots") -> bool:
        return _se_ressemblent(self.titre, autres.titre, 1) or _se_ressemblent(
            self.resume, autres.resume, MOTS_MIN
        )


def _mots(texte: str) -> frozenset[str]:
    plie = unicodedata.normalize("NFKD", texte[:LONGUEUR_LUE].lower()).encode("ascii", "ignore").decode()
    return frozenset(_MOT.findall(plie))


def _se_ressemblent(uns: frozenset[str], autres: frozenset[str], minimum: int) -> bool:
    """Vrai quand la part de mots communs atteint le seuil. Deux longueurs trop inégales ne le peuvent pas."""
    court, long = sorted((len(uns), len(autres)))
    if court < minimum or court < SEUIL * long:
        return False
    communs = len(uns & autres)
    return communs >= SEUIL * (court + long - communs)
