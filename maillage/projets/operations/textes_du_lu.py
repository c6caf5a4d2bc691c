"""Mettre à leur place les textes d'un document, sans en perdre un mot."""

import re
from collections.abc import Iterable
from typing import Any

from maillage.core.documents.texte import texte_propre


class Textes:
    """Coupe ce qui dépasse sa place. `a_garder` : les textes entiers de ce qui a été coupé ou n'a pas de place."""

    def __init__(self) -> None:
        self.a_garder: list[str] = []

    def long(self, valeur: Any) -> str:
        """Un texte d'un seul tenant ; une liste devient un paragraphe par élément."""
        if isinstance(valeur, list | tuple):
            return "\n".join(map(self.long, valeur))
        return "" if valeur is None else texte_propre(str(valeur)).strip()

    def court(self, valeur: Any, maximum: int) -> str:
        texte = self.long(valeur)
        if len(texte) <= maximum:
            return texte
        self.a_garder.append(texte)
        return texte[: maximum - 1].rstrip() + "…"

    def liste(self, valeur: Any) -> list[str]:
        """Une liste de textes ; un texte seul en est le seul élément."""
        elements = valeur if isinstance(valeur, list | tuple) else [valeur]
        return [texte for element in elements if (texte := self.long(element))]


_PUCE = re.compile(r"((?:  )*)- (.+)")


def texte_du_chapitre(paragraphes: Iterable[Any], textes: Textes) -> str:
    """Les paragraphes séparés d'une ligne vide ; les éléments d'une liste, par des tirets."""
    morceaux: list[str] = []
    suit_une_puce = False
    for paragraphe in paragraphes:
        lu = paragraphe if isinstance(paragraphe, dict) else {"texte": paragraphe}
        puce = int(lu.get("puce") or 0)
        texte = textes.long(lu.get("texte"))
        if puce:
            texte = f"{'  ' * (puce - 1)}- {' '.join(texte.split())}"
        if suit_une_puce and puce:
            morceaux[-1] += f"\n{texte}"
        elif texte:
            morceaux.append(texte)
        suit_une_puce = bool(puce)
    return "\n\n".join(morceaux)


def paragraphes_du_chapitre(texte: str) -> list[dict[str, Any]]:
    """L'inverse de `texte_du_chapitre`."""
    paragraphes: list[dict[str, Any]] = []
    for morceau in filter(None, texte.split("\n\n")):
        lignes = [_PUCE.fullmatch(ligne) for ligne in morceau.split("\n")]
        if all(lignes):
            paragraphes += [{"texte": ligne[2], "puce": len(ligne[1]) // 2 + 1} for ligne in lignes if ligne]
        else:
            paragraphes.append({"texte": morceau, "puce": 0})
    return paragraphes
