"""Comparer deux noms : sans accents, sans traits d'union, à une faute près."""

import re
from difflib import SequenceMatcher
from typing import Final

from maillage.core.recherche.analyse import replier

_MOT: Final = re.compile(r"[a-z0-9]+")


def nom_cherche(*noms: str) -> str:
    """« Jean-Noël », « O’Brien » donnent « jean noel o brien »."""
    return " ".join(_MOT.findall(replier(" ".join(noms))))[:170]


def proximite(un: str, autre: str) -> float:
    """De 0 à 1, l'ordre du prénom et du nom compté pour rien. Les deux sont déjà des `nom_cherche`."""
    droit = SequenceMatcher(None, un, autre).ratio()
    range_ = SequenceMatcher(None, " ".join(sorted(un.split())), " ".join(sorted(autre.split()))).ratio()
    return max(droit, range_)
