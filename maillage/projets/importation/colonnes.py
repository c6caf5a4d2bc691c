"""Les tableaux qu'un texte dessine avec des espaces : des colonnes alignées, ligne sous ligne."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from maillage.projets.importation.mots import PUCES, TIRETS, sans_puce

_SEGMENT = re.compile(r"\S+(?: \S+)*")
_MARQUE = re.compile(rf"^(?:[{TIRETS}{PUCES}o]|\d{{1,3}}(?:\.\d{{1,3}})*[.)]?|[a-zA-Z][.)])$")
"""Ce qui ouvre un élément de liste : « -   un élément » n'est pas un rang de deux cellules."""
_ECART_MAX = 1
"""Une colonne peut être décalée d'un signe : un accent, une faute."""
_RANGS_MIN = 2
_VIDES_MAX = 2
"""Combien de lignes vides deux rangs peuvent avoir entre eux."""
_FIN = (".", ";", ":", "!", "?")


@dataclass
class RangAligne:
    """`ligne` : sa première ligne, à partir de 0. `cellules` : les lignes de texte de chacune."""

    ligne: int
    cellules: list[list[str]]


def tableau_aligne(lignes: Sequence[str], depart: int) -> tuple[list[RangAligne], int] | None:
    """Le tableau qui commence à cette ligne et la ligne qui le suit, ou rien.

    Deux lignes voisines au moins ont plusieurs morceaux, séparés par deux espaces ou plus, et alignés sur la première :
    à gauche, ou à droite pour des nombres.
    """
    colonnes = [(place, place + len(texte)) for place, texte in _morceaux(lignes[depart])]
    if len(colonnes) < 2:
        return None
    rangs: list[RangAligne] = []
    fin = depart
    for rang, ligne in enumerate(lignes[depart:], start=depart):
        if not ligne.strip() and rang - fin < _VIDES_MAX:
            continue
        places = _dans_les_colonnes(ligne, colonnes)
        if places is None:
            break
        suite = bool(rangs) and (0 not in places or places[0][:1].islower())
        if not suite:
            rangs.append(RangAligne(rang, [[] for _ in colonnes]))
        for colonne, morceau in places.items():
            _ajouter(rangs[-1].cellules[colonne], morceau)
        fin = rang + 1
    pleins = sum(len(_morceaux(ligne)) > 1 for ligne in lignes[depart:fin])
    return (rangs, fin) if pleins >= _RANGS_MIN else None


def _morceaux(ligne: str) -> list[tuple[int, str]]:
    """(place, texte) des morceaux d'une ligne ; un seul si elle n'a pas de colonnes."""
    if "\t" in ligne:
        return []
    morceaux = [(trouve.start(), trouve[0]) for trouve in _SEGMENT.finditer(ligne)]
    return morceaux[:1] if morceaux and _MARQUE.match(morceaux[0][1]) else morceaux


def _dans_les_colonnes(ligne: str, colonnes: list[tuple[int, int]]) -> dict[int, str] | None:
    """Colonne → texte ; rien si un morceau tombe hors des colonnes, ou si la ligne n'en a qu'un, dans la première."""
    morceaux = _morceaux(ligne)
    places = {
        rang: texte
        for place, texte in morceaux
        for rang, (debut, fin) in enumerate(colonnes)
        if abs(place - debut) <= _ECART_MAX or (rang and abs(place + len(texte) - fin) <= _ECART_MAX)
    }
    if not morceaux or len(places) < len(morceaux) or set(places) == {0}:
        return None
    return places


def _ajouter(cellule: list[str], morceau: str) -> None:
    """Une suite de phrase est recollée ; une majuscule ou une puce ouvre une autre ligne."""
    net, puce = sans_puce(morceau)
    if cellule and not puce and not net[:1].isupper() and not cellule[-1].endswith(_FIN):
        cellule[-1] = f"{cellule[-1]} {morceau}"
    else:
        cellule.append(morceau)
