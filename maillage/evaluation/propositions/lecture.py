"""Le texte d'un indicateur en mots, sans genre ni nombre."""

import re
from dataclasses import dataclass
from typing import Final

from maillage.core.recherche.analyse import composer, replier

_INCLUSIF: Final = re.compile(
    r"(?<=\w)(?:\((?:e|s|es|ne|nes|le|les|rice|rices|trice|trices|euse|euses|x)\)|"
    r"[·•.](?:e|ne|le|rice|trice|euse)s?(?:[·•.]s)?\b|-e-s\b|·s\b)"
)
_LIGNE_COLLEE: Final = re.compile(r"(?<=[a-zé]) (?=Nombre\b)")
"""Deux lignes d'un document qui n'en font plus qu'une : « Assiduité Nombre d'habitants »."""
_PARENTHESE: Final = re.compile(r"\(([^()]*)\)?")
_MORCEAU: Final = re.compile(r"[^\W_]+|[,;:/&+%–—]|(?<= )-(?= )")

_AGE: Final = re.compile(
    r"(?:âgée?s? )?(?:de )?(?:"
    r"(?P<debut>\d{1,2})(?: ?ans)?(?: ?[-/–] ?| à | et )(?P<fin>\d{1,2}) ?ans"
    r"|moins de (?P<sous>\d{1,2}) ?ans"
    r"|(?:plus de |\+ ?de )(?P<plus>\d{1,2}) ?ans|(?P<des>\d{1,2}) ?ans (?:et (?:plus|\+)|ou plus|\+))",
    re.IGNORECASE,
)
_VENUES: Final = re.compile(r"au moins (\d{1,2}|une|deux|trois|quatre|cinq|six|dix) fois", re.IGNORECASE)
_EN_LETTRES: Final = {"une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "dix": 10}

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


def _mot_de_l_age(trouve: re.Match[str]) -> str:
    """« 60 ans et plus » → « senior » : le mot du lexique qui porte la tranche la plus proche."""
    bornes = {nom: int(valeur) for nom, valeur in trouve.groupdict().items() if valeur}
    debut = bornes.get("debut", bornes.get("plus", bornes.get("des", 0)))
    fin = bornes.get("fin", bornes.get("sous", 120))
    if fin > 64:
        return " grand âge " if debut >= 70 else " senior " if debut >= 50 else " adulte "
    if fin <= 6:
        return " tout-petit "
    if fin <= 12:
        return " enfant "
    if debut >= 16:
        return " jeune adulte " if fin <= 30 else " adulte "
    return " adolescent " if debut >= 10 and fin <= 18 else " jeune "


def lire_venues(texte: str) -> int:
    """Combien de venues au moins sont demandées ; 1 quand le texte n'en dit rien."""
    trouve = _VENUES.search(" ".join(texte.split()))
    return (_EN_LETTRES.get(trouve[1].lower()) or int(trouve[1]) or 1) if trouve else 1


def separer(texte: str) -> tuple[str, str]:
    """Le texte sans ses parenthèses, puis ce qu'elles disaient : des exemples, des détails, jamais la tête."""
    texte = _INCLUSIF.sub("", " ".join(composer(texte).split()))
    texte = _LIGNE_COLLEE.sub(" ; ", texte)
    texte = _VENUES.sub(" ", _AGE.sub(_mot_de_l_age, texte))
    return _PARENTHESE.sub(" ", texte), " ; ".join(_PARENTHESE.findall(texte))
