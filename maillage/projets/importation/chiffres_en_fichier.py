"""Lire un fichier de chiffres : une ligne par chiffre, ou une colonne par lieu. N'écrit rien.

Les titres se reconnaissent à leur sens. Une ligne fautive est dite, avec son numéro ; les autres entrent.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Final

from maillage.core.classeurs import ClasseurIllisible, Tableau, lire_le_tableau
from maillage.core.francais import MOINS

SYNONYMES: Final = {
    "libelle": ("libelle", "ce que l on compte", "indicateur", "intitule", "chiffre", "variable", "donnee"),
    "valeur": ("valeur", "nombre", "resultat", "effectif"),
    "unite": ("unite", "unites", "unite de mesure"),
    "zone": ("zone", "lieu", "ou", "territoire", "quartier", "commune", "geographie"),
    "source": ("source", "sources", "producteur", "d ou"),
    "annee": ("annee", "millesime", "date", "an"),
}
LIBELLES: Final = {
    "libelle": "ce que l’on compte",
    "valeur": "la valeur",
    "unite": "l’unité",
    "zone": "le lieu",
    "source": "la source",
    "annee": "l’année",
}
LONGUEURS: Final = {"libelle": 300, "unite": 60, "zone": 200, "source": 300}
CHIFFRES_MAX: Final = 1_000
SANS_VALEUR: Final = {"", "-", "–", "nc", "nd", "n/a", "s", "ns"}
"""Ce que les publications écrivent quand le nombre manque, ou qu'il est secret."""
_PLUS_GRAND: Final = Decimal(999_999_999)


@dataclass
class ChiffresLus:
    """`reconnues` : (titre du fichier, ce qu'il dit). `fautes` : (numéro de ligne, phrase)."""

    reconnues: list[tuple[str, str]] = field(default_factory=list)
    chiffres: list[dict[str, Any]] = field(default_factory=list)
    fautes: list[tuple[int, str]] = field(default_factory=list)
    sans_valeur: int = 0


def lire_les_chiffres(nom: str, contenu: bytes) -> ChiffresLus:
    """Lève `ClasseurIllisible` : le fichier entier est refusé, le message dit quoi faire."""
    tableau = lire_le_tableau(nom, contenu, de_quoi="chiffre", cellule_max=300)
    places = _reconnaitre(tableau.entetes)
    if "libelle" not in places:
        raise ClasseurIllisible(
            "Aucune colonne ne dit ce que l’on compte. Nommez-la « Libellé », puis recommencez."
        )
    prises = set(places.values())
    lieux = (
        []
        if "valeur" in places
        else [i for i, titre in enumerate(tableau.entetes) if titre and i not in prises]
    )
    if "valeur" not in places and not lieux:
        raise ClasseurIllisible(
            "Aucune colonne ne porte de valeur. Ajoutez une colonne « Valeur », ou une colonne par lieu."
        )
    lus = ChiffresLus()
    for place, titre in enumerate(tableau.entetes):
        champ = next((champ for champ, prise in places.items() if prise == place), "")
        if champ or place in lieux:
            lus.reconnues.append((titre, LIBELLES.get(champ, "un lieu, avec ses valeurs")))
    vus: dict[tuple[Any, ...], int] = {}
    for numero, cellules in _chiffres(tableau, places, lieux):
        _lire(numero, cellules, lus, vus)
        if len(lus.chiffres) > CHIFFRES_MAX:
            raise ClasseurIllisible("Ce fichier porte plus de 1 000 chiffres. Coupez-le en plusieurs.")
    return lus


def _reconnaitre(entetes: list[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, entete in enumerate(entetes):
        mot = _plier(entete)
        champ = next((champ for champ, noms in SYNONYMES.items() if mot in noms), None)
        if champ and champ not in places:
            places[champ] = place
    return places


def _chiffres(
    tableau: Tableau, places: dict[str, int], lieux: list[int]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Le numéro de la ligne dans le fichier, et les cellules d'un chiffre."""
    for numero, ligne in enumerate(tableau.lignes, start=2):
        communs = {champ: ligne[place] for champ, place in places.items()}
        if not lieux:
            yield numero, communs
        for place in lieux:
            yield numero, communs | {"zone": tableau.entetes[place], "valeur": ligne[place]}


def _lire(numero: int, cellules: dict[str, Any], lus: ChiffresLus, vus: dict[tuple[Any, ...], int]) -> None:
    textes = {champ: " ".join(str(cellules.get(champ) or "").split()) for champ in LONGUEURS}
    brute = cellules.get("valeur")
    dite = str(brute if brute is not None else "").strip()
    if dite.lower() in SANS_VALEUR:
        lus.sans_valeur += 1
        return
    if not textes["libelle"]:
        lus.fautes.append((numero, "La ligne ne dit pas ce que l’on compte."))
        return
    trop = next((champ for champ, texte in textes.items() if len(texte) > LONGUEURS[champ]), None)
    if trop:
        lus.fautes.append((numero, f"Le texte pour {LIBELLES[trop]} dépasse {LONGUEURS[trop]} signes."))
        return
    valeur, unite = _nombre(dite)
    if valeur is None:
        lus.fautes.append((numero, f"« {dite[:40]} » n’est pas un nombre que l’on sait lire."))
        return
    try:
        annee = _annee(cellules.get("annee"))
    except ValueError:
        lus.fautes.append(
            (numero, f"« {str(cellules['annee'])[:40]} » n’est pas une année à quatre chiffres.")
        )
        return
    chiffre = textes | {"unite": textes["unite"] or unite, "valeur": valeur, "annee": annee}
    cle = (chiffre["libelle"], chiffre["zone"], chiffre["source"], annee)
    if cle in vus:
        lus.fautes.append((numero, f"Ce chiffre est déjà à la ligne {vus[cle]} : même lieu, même année."))
        return
    vus[cle] = numero
    lus.chiffres.append(chiffre)


def _nombre(dite: str) -> tuple[Decimal | None, str]:
    """« 1 234,5 », « 12 % » : la valeur, et l'unité collée. Deux décimales, arrondies comme au tableur."""
    unite = "%" if dite.endswith("%") else "€" if dite.endswith("€") else ""
    chiffres = re.sub(r"\s", "", dite.rstrip("%€")).replace(MOINS, "-").lstrip("'")
    if not re.fullmatch(r"-?\d{1,15}(?:[.,]\d{1,20})?", chiffres, re.ASCII):
        return None, ""
    try:
        valeur = Decimal(chiffres.replace(",", ".")).quantize(Decimal("0.01"), ROUND_HALF_UP)
    except InvalidOperation:
        return None, ""
    return (valeur, unite) if abs(valeur) <= _PLUS_GRAND else (None, "")


def _annee(brute: Any) -> int | None:
    """Lève `ValueError`. Un tableur rend parfois « 2021.0 », ou une date."""
    if brute in (None, ""):
        return None
    annee = getattr(brute, "year", None)
    ecrite = str(annee if annee is not None else brute).strip().removesuffix(".0")
    if not re.fullmatch(r"(?:19|20)\d\d", ecrite, re.ASCII):
        raise ValueError(ecrite)
    return int(ecrite)


def _plier(entete: str) -> str:
    """« Unité » → « unite » ; « Ce que l’on compte » → « ce que l on compte »."""
    nu = "".join(c for c in unicodedata.normalize("NFD", entete.lower()) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[a-z0-9]+", nu))
