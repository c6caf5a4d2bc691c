"""Mettre à leur place les textes d'un document, sans en perdre un mot."""

from typing import Any

from maillage.core.documents.texte import texte_propre


class Textes:
    """Coupe ce qui dépasse sa place, et garde l'entier dans `trop_longs`."""

    def __init__(self) -> None:
        self.trop_longs: list[str] = []

    def long(self, valeur: Any) -> str:
        """Un texte d'un seul tenant ; une liste devient un paragraphe par élément."""
        if isinstance(valeur, list | tuple):
            return "\n".join(map(self.long, valeur))
        return "" if valeur is None else texte_propre(str(valeur)).strip()

    def court(self, valeur: Any, maximum: int) -> str:
        texte = self.long(valeur)
        if len(texte) <= maximum:
            return texte
        self.trop_longs.append(texte)
        return texte[: maximum - 1].rstrip() + "…"

    def liste(self, valeur: Any) -> list[str]:
        """Une liste de textes ; un texte seul en est le seul élément."""
        elements = valeur if isinstance(valeur, list | tuple) else [valeur]
        return [texte for element in elements if (texte := self.long(element))]
