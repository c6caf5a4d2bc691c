"""La largeur des colonnes d'un tableau, lue de ce qu'elles contiennent, quand personne ne l'a dite."""

import re
from collections.abc import Sequence
from typing import Final

from maillage.core.documents.texte import Texte, bouts

SIGNES_D_UNE_PAGE: Final = 84
"""Ce qu'une ligne de tableau contient dans la largeur d'une page."""
MARGES: Final = 3
MOT_AU_PLUS: Final = 24
LIGNE_AU_PLUS: Final = 60
_MOT: Final = re.compile(r"[^ \n\t\u200b]+")


def largeurs_lues(
    entetes: Sequence[Texte], lignes: Sequence[Sequence[Texte]], voulues: Sequence[int] = ()
) -> tuple[int, ...]:
    """Les parts de chaque colonne ; rien quand tout tient sans couper une ligne.

    Chaque colonne a d'abord la place de son plus long mot ; le reste va à celles qui ont le plus à dire.
    `voulues` : celles que l'on a dites ; on les suit, sauf à couper un mot.
    """
    colonnes = _colonnes(entetes, lignes)
    mots = [min(_plus_long(_MOT.findall(" ".join(textes))), MOT_AU_PLUS) for textes in colonnes]
    if voulues:
        parts = [part * SIGNES_D_UNE_PAGE // sum(voulues) for part in voulues]
        return tuple(max(part, mot + MARGES) for part, mot in zip(parts, mots, strict=True))
    phrases = _phrases(colonnes)
    if sum(phrases) + MARGES * len(colonnes) <= SIGNES_D_UNE_PAGE:
        return ()
    envies = [max(0, min(phrase, LIGNE_AU_PLUS) - mot) for mot, phrase in zip(mots, phrases, strict=True)]
    reste = max(0, SIGNES_D_UNE_PAGE - sum(mots) - MARGES * len(colonnes))
    total = sum(envies) or 1
    return tuple(mot + MARGES + reste * envie // total for mot, envie in zip(mots, envies, strict=True))


def signes_par_colonne(entetes: Sequence[Texte], lignes: Sequence[Sequence[Texte]]) -> tuple[int, ...]:
    """De quoi écrire chaque ligne d'un petit tableau sans la couper, en signes."""
    return tuple(phrase + MARGES for phrase in _phrases(_colonnes(entetes, lignes)))


def _colonnes(entetes: Sequence[Texte], lignes: Sequence[Sequence[Texte]]) -> list[list[str]]:
    return [[_dit(cellule) for cellule in colonne] for colonne in zip(entetes, *lignes, strict=True)]


def _phrases(colonnes: list[list[str]]) -> list[int]:
    return [_plus_long("\n".join(textes).split("\n")) for textes in colonnes]


def _dit(texte: Texte) -> str:
    return "".join(bout.texte for bout in bouts(texte))


def _plus_long(morceaux: Sequence[str]) -> int:
    return max(map(len, morceaux), default=0)
