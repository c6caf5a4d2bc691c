"""Les puces et les numéros que Word calcule : ils ne sont pas dans le texte, et un titre « 4.1.1 » en dépend."""

import re
from collections import defaultdict
from typing import Any

from docx.oxml.ns import qn

_VAL = qn("w:val")
_GABARIT = re.compile(r"%(\d)")


class Numeros:
    """Compte les paragraphes numérotés d'un document, dans l'ordre où on les lui montre."""

    def __init__(self, document: Any) -> None:
        self.niveaux: dict[str, dict[int, tuple[str, str, int]]] = {}
        """Numérotation → niveau → (format, gabarit, départ)."""
        self.compteurs: dict[str, dict[int, int]] = defaultdict(dict)
        try:
            racine = document.part.numbering_part.element
        except (KeyError, NotImplementedError):
            return
        abstraites = {
            abstraite.get(qn("w:abstractNumId")): {
                int(niveau.get(qn("w:ilvl"))): (
                    _valeur(niveau, "numFmt", "decimal"),
                    _valeur(niveau, "lvlText", ""),
                    int(_valeur(niveau, "start", "1")),
                )
                for niveau in abstraite.findall(qn("w:lvl"))
            }
            for abstraite in racine.findall(qn("w:abstractNum"))
        }
        for numerotation in racine.findall(qn("w:num")):
            self.niveaux[numerotation.get(qn("w:numId"))] = abstraites.get(
                _valeur(numerotation, "abstractNumId", ""), {}
            )

    def lire(self, paragraphe: Any, styles: dict[str, Any], *, est_titre: bool) -> tuple[int, str]:
        """(profondeur de la puce, numéro affiché) ; (0, "") pour un paragraphe ordinaire."""
        identifiant, niveau = _numerotation(paragraphe, styles)
        if identifiant in ("", "0"):
            return 0, ""
        format_, gabarit, depart = self.niveaux.get(identifiant, {}).get(niveau, ("bullet", "", 1))
        if format_ in ("bullet", "none") or not _GABARIT.search(gabarit):
            return (0, "") if est_titre else (max(niveau + 1, _profondeur_du_style(paragraphe, styles)), "")
        compteurs = self.compteurs[identifiant]
        compteurs[niveau] = compteurs.get(niveau, depart - 1) + 1
        for plus_profond in [autre for autre in compteurs if autre > niveau]:
            del compteurs[plus_profond]
        numero = _GABARIT.sub(lambda place: self._ecrire(identifiant, int(place[1]) - 1), gabarit)
        return 0, numero

    def _ecrire(self, identifiant: str, niveau: int) -> str:
        format_, _, depart = self.niveaux[identifiant].get(niveau, ("decimal", "", 1))
        valeur = self.compteurs[identifiant].get(niveau, depart)
        if format_ == "decimalZero":
            return f"{valeur:02}"
        if format_ in ("upperLetter", "lowerLetter"):
            lettre = chr(ord("A") + (valeur - 1) % 26)
            return lettre if format_ == "upperLetter" else lettre.lower()
        if format_ in ("upperRoman", "lowerRoman"):
            romain = _romain(min(valeur, 99))
            return romain if format_ == "upperRoman" else romain.lower()
        return str(valeur)


def _numerotation(paragraphe: Any, styles: dict[str, Any]) -> tuple[str, int]:
    """(identifiant, niveau) : du paragraphe lui-même, sinon de son style ou de ceux dont il hérite."""
    style = styles.get(paragraphe.style) if paragraphe.style else None
    porteurs = [paragraphe.pPr]
    for _ in range(10):
        if style is None:
            break
        porteurs.append(style.element.pPr)
        style = style.base_style
    for porteur in porteurs:
        propriete = None if porteur is None else porteur.find(qn("w:numPr"))
        if propriete is not None and propriete.find(qn("w:numId")) is not None:
            return _valeur(propriete, "numId", ""), int(_valeur(propriete, "ilvl", "0"))
    return "", 0


def _profondeur_du_style(paragraphe: Any, styles: dict[str, Any]) -> int:
    """« List Bullet 2 » est une sous-liste, que sa numérotation ne dit pas."""
    nom = styles[paragraphe.style].name if paragraphe.style in styles else ""
    return int(nom[-1]) if nom and nom[-1].isdecimal() and nom.lower().startswith("list") else 0


def _valeur(element: Any, balise: str, defaut: str) -> str:
    enfant = element.find(qn(f"w:{balise}"))
    return defaut if enfant is None else enfant.get(_VAL, defaut)


def _romain(nombre: int) -> str:
    ecrit = ""
    for valeur, signe in (
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ):
        while nombre >= valeur:
            ecrit += signe
            nombre -= valeur
    return ecrit
