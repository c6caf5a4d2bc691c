"""Un texte → des blocs. Une ligne fait un bloc ; tabulations, barres ou espaces alignés font un rang de tableau."""

import re

from maillage.projets.importation.balises import lire_le_morceau
from maillage.projets.importation.blocs import Bloc, Cellule, Ligne, paragraphe
from maillage.projets.importation.colonnes import RangAligne, tableau_aligne
from maillage.projets.importation.mots import PUCES, TIRETS, couper_aux_puces, nettoyer, sans_gras, sans_puce

_BALISE = re.compile(r"</?(?:p|ul|ol|li|br|u|b|i|em|strong|div|span|font|sup|sub)\b[^<>]*>", re.IGNORECASE)
_BARRES = re.compile(r"^\s*\|.*\|\s*$")
_DIESES = re.compile(r"^(#{1,6})\s+(.*?)\s*#*\s*$")
_MARQUE = re.compile(rf"^(?:[{TIRETS}{PUCES}o]|\d{{1,3}}(?:\.\d{{1,3}})*[.)]?)$")
_RETRAIT = re.compile(r"^(\s{2,}|\t+)")


def lire_le_texte(texte: str) -> list[Bloc]:
    blocs: list[Bloc] = []
    tableau, dans_un_tableau = 0, False
    lignes = texte.split("\n")
    lues = 0
    for numero, ligne in enumerate(lignes, start=1):
        if numero <= lues:
            continue
        if not ligne.strip():
            dans_un_tableau = False
            continue
        aligne = None if dans_un_tableau else tableau_aligne(lignes, numero - 1)
        if aligne:
            rangs, lues = aligne
            tableau += 1
            blocs += [_rang_aligne(rang, tableau) for rang in rangs]
            continue
        cellules = _cellules(ligne, dans_un_tableau=dans_un_tableau)
        if cellules is None:
            dans_un_tableau = False
            blocs.extend(_paragraphes(numero, ligne))
            continue
        tableau += not dans_un_tableau
        dans_un_tableau = True
        rang = tuple(Cellule(_lignes(cellule)) for cellule in cellules)
        if any(cellule.lignes for cellule in rang):
            blocs.append(Bloc(numero, rang, tableau))
    return blocs


def _cellules(ligne: str, *, dans_un_tableau: bool) -> list[str] | None:
    """Les cellules d'un rang, ou rien si la ligne est un paragraphe.

    Une tabulation de tête n'est qu'un retrait, sauf au milieu d'un tableau ; celle qui suit une puce ou un numéro
    vient d'une liste copiée d'un traitement de texte.
    """
    if _BARRES.match(ligne):
        return [cellule.strip() for cellule in ligne.strip().strip("|").split("|")]
    if "\t" not in (ligne if dans_un_tableau else ligne.lstrip()):
        return None
    cellules = ligne.split("\t")
    pleines = [cellule.strip() for cellule in cellules if cellule.strip()]
    if not dans_un_tableau and len(pleines) == 2 and _MARQUE.match(pleines[0]):
        return None
    return cellules


def _rang_aligne(rang: RangAligne, tableau: int) -> Bloc:
    cellules = (
        Cellule(tuple(lue for ligne in cellule for lue in _lignes(ligne))) for cellule in rang.cellules
    )
    return Bloc(rang.ligne + 1, tuple(cellules), tableau)


def _lignes(cellule: str) -> tuple[Ligne, ...]:
    if _BALISE.search(cellule):
        return lire_le_morceau(cellule)
    propre = nettoyer(sans_gras(cellule))
    elements = couper_aux_puces(propre)
    if len(elements) > 1 or (elements and elements[0] != propre):
        return tuple(Ligne(element, 1) for element in elements)
    return (Ligne(propre),) if propre else ()


def _paragraphes(numero: int, ligne: str) -> list[Bloc]:
    titre = _DIESES.match(ligne.strip())
    if titre:
        return [paragraphe(numero, [Ligne(nettoyer(sans_gras(titre[2])))], len(titre[1]))] if titre[2] else []
    if _BALISE.search(ligne):
        return [paragraphe(numero, [lue]) for lue in lire_le_morceau(ligne)]
    net, signe = sans_puce(sans_gras(ligne))
    profondeur = max(2 if _RETRAIT.match(ligne) else 1, signe) if signe else 0
    propre = nettoyer(net)
    return [paragraphe(numero, [Ligne(propre, profondeur)])] if propre else []
