"""Noms de lieux ramenés à une écriture unique, pour les comparer et les chercher."""

import re

from maillage.core.recherche.analyse import replier

_MOT = re.compile(r"[a-z0-9]+")
_ABREGES = {
    "st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes",
    "av": "avenue", "ave": "avenue", "bd": "boulevard", "bld": "boulevard", "blvd": "boulevard",
    "pl": "place", "r": "rue", "rte": "route", "chem": "chemin", "che": "chemin", "imp": "impasse",
    "all": "allee", "sq": "square", "res": "residence", "qu": "quai",
}  # fmt: skip
MOTS_CREUX = frozenset(
    {"a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "pour", "sur", "chez"}
    | {"mon", "ma", "quel", "quelle", "centre", "social"}
)
"""Mots qui ne disent pas où l'on est. « Centre social » est dans presque tous les noms."""


def mots_de_lieu(texte: str) -> list[str]:
    """« Bd. de l'Église-St-Jean » donne boulevard, de, l, eglise, saint, jean."""
    return [_ABREGES.get(mot, mot) for mot in _MOT.findall(replier(texte))]


def nom_cherche(nom: str) -> str:
    """« L'Haÿ-les-Roses » et « l hay les roses » donnent le même texte."""
    return " ".join(mots_de_lieu(nom))


def mots_utiles(texte: str) -> list[str]:
    """Mots qui disent un lieu, dans l'ordre ; tous, s'il ne reste rien (« Le Centre »)."""
    mots = mots_de_lieu(texte)
    return [mot for mot in mots if mot not in MOTS_CREUX] or mots
