"""Le texte d'un indicateur en mots, sans genre ni nombre."""

import re
from dataclasses import dataclass
from typing import Final

from maillage.core.recherche.analyse import composer, replier

_INCLUSIF: Final = re.compile(
    r"(?<=\w)(?:\((?:e|s|es|ne|nes|le|les|rice|rices|trice|trices|euse|euses|x)\)|"
    r"[·•.](?:e|ne|le|rice|trice|euse)s?(?:[·•.]s)?\b|-e-s\b|·s\b)"
)
_PARENTHESE: Final = re.compile(r"\(([^()]*)\)?")
_MORCEAU: Final = re.compile(r"[^\W_]+|[,;:/&+%–—]|(?<= )-(?= )")

_FLEXIONS: Final = (
    *(("eaux", "eau"), ("aux", "al"), ("elles", "el"), ("elle", "el"), ("ives", "if"), ("ive", "if")),
    *(("euses", "eur"), ("euse", "eur"), ("eux", "eur"), ("trices", "teur"), ("trice", "teur")),
    *(("iennes", "ien"), ("ienne", "ien"), ("ieres", "ier"), ("iere", "ier")),
    *(("ees", "e"), ("ee", "e"), ("ies", "i"), ("ie", "i"), ("ues", "u"), ("ue", "u")),
    *(("ntes", "nt"), ("nte", "nt"), ("ales", "al"), ("ale", "al"), ("s", "")),
)
"""Pluriels et féminins réguliers. Une fausse réduction ne gêne pas : le lexique subit la même."""


@dataclass(frozen=True, slots=True)
class Mot:
    """`plie` : sans accent ni majuscule ; `cle` : sans genre ni nombre."""

    plie: str
    cle: str


def _reduire(plie: str) -> str:
    for fin, remplacement in _FLEXIONS:
        if plie.endswith(fin) and len(plie) - len(fin) >= 3:
            return plie[: -len(fin)] + remplacement
    return plie


def lire_mots(texte: str) -> list[Mot]:
    plies = (replier(morceau) for morceau in _MORCEAU.findall(composer(texte)))
    return [Mot(plie, _reduire(plie)) for plie in plies]


def separer(texte: str) -> tuple[str, str]:
    """Le texte sans ses parenthèses, puis ce qu'elles disaient : des exemples, des détails, jamais la tête."""
    texte = _INCLUSIF.sub("", composer(texte))
    return _PARENTHESE.sub(" ", texte), " ; ".join(_PARENTHESE.findall(texte))
