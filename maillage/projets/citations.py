"""Citer une fiche ou un objectif du même projet, sans jamais dire un numéro faux.

Dans la base, une citation est un jeton : « [[fiche:12]] ». Qui écrit voit « [[fiche 12 : A-02 Le prêt de vélos]] »,
et ce qui suit les deux-points se refait à chaque affichage. Qui lit voit un lien, avec le numéro et le titre du jour.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse

from maillage.core.documents.texte import Bout, Texte
from maillage.projets.lecture import Arbre, ObjectifLu

JETON: Final = re.compile(r"\[\[(fiche|objectif)[ :]\s*(\d{1,18})[^\[\]\n]*\]\]")
DISPARUE: Final = "(n’est plus dans le projet)"


@dataclass(frozen=True, slots=True)
class Citable:
    """Ce que l'on peut citer : son jeton, et le nom sous lequel on le choisit."""

    jeton: str
    libelle: str


def ranger(texte: str) -> str:
    """Le texte tel qu'il se garde : des jetons seuls."""
    return JETON.sub(lambda trouve: f"[[{trouve[1]}:{trouve[2]}]]", texte)


def a_ecrire(texte: str, arbre: Arbre) -> str:
    """Le texte tel qu'on l'écrit : chaque jeton dit ce qu'il cite."""
    return JETON.sub(lambda trouve: _jeton(trouve[1], int(trouve[2]), arbre), texte)


def en_clair(texte: str, arbre: Arbre) -> str:
    """Pour un fichier sans lien : « la fiche A-02 Le prêt de vélos »."""
    return JETON.sub(lambda trouve: _nom(trouve[1], int(trouve[2]), arbre) or DISPARUE, texte)


def tout_en_clair(valeur: Any, arbre: Arbre) -> Any:
    """La même valeur, faite de textes, de listes et de dictionnaires : un objet d'export."""
    if isinstance(valeur, str):
        return en_clair(valeur, arbre)
    if isinstance(valeur, list):
        return [tout_en_clair(une, arbre) for une in valeur]
    if isinstance(valeur, dict):
        return {cle: tout_en_clair(une, arbre) for cle, une in valeur.items()}
    return valeur


def en_liens(texte: str, arbre: Arbre, site: str) -> Texte:
    """Pour une page ou un document. `site` : le début des adresses, sans barre finale."""
    return tuple(_bouts(texte, arbre, site)) if JETON.search(texte) else texte


def citables(arbre: Arbre, sauf: int) -> list[tuple[str, list[Citable]]]:
    """Ce que la fiche `sauf` peut citer, groupé pour un menu."""
    fiches = [
        Citable(_jeton("fiche", lue.fiche.pk, arbre), str(lue))
        for lue in arbre.fiches
        if lue.fiche.pk != sauf
    ]
    objectifs = [
        Citable(_jeton("objectif", lu.objectif.pk, arbre), lu.objectif.titre)
        for lu in _tous_les_objectifs(arbre)
    ]
    return [(nom, liste) for nom, liste in (("Fiches", fiches), ("Objectifs", objectifs)) if liste]


def _bouts(texte: str, arbre: Arbre, site: str) -> Iterator[str | Bout]:
    curseur = 0
    for trouve in JETON.finditer(texte):
        yield texte[curseur : trouve.start()]
        genre, pk = trouve[1], int(trouve[2])
        nom = _nom(genre, pk, arbre)
        if not nom:
            yield DISPARUE
        elif genre == "fiche":
            yield Bout(nom, adresse=site + reverse("fiche_action", args=[pk]))
        else:
            yield f"« {nom} »"
        curseur = trouve.end()
    yield texte[curseur:]


def _jeton(genre: str, pk: int, arbre: Arbre) -> str:
    nom = re.sub(r"[\[\]\n]", " ", _nom(genre, pk, arbre)) or DISPARUE
    return f"[[{genre} {pk} : {nom}]]"


def _nom(genre: str, pk: int, arbre: Arbre) -> str:
    """Le numéro et le titre du jour, vides quand la place n'existe plus dans ce projet."""
    if genre == "fiche":
        lue = arbre.par_numero_de_ligne.get(pk)
        return str(lue) if lue else ""
    return next((lu.objectif.titre for lu in _tous_les_objectifs(arbre) if lu.objectif.pk == pk), "")


def _tous_les_objectifs(arbre: Arbre) -> Iterator[ObjectifLu]:
    for general in arbre.objectifs:
        yield general
        yield from general.operationnels
