"""Où une fiche, un objectif, un chiffre est cité dans le projet : on ne l'ôte pas sans le dire."""

import re
from collections.abc import Collection
from typing import Final

from maillage.core.francais import compte
from maillage.projets.lecture import lire_arbre
from maillage.projets.manques import Place
from maillage.projets.models import ProjetSocial
from maillage.projets.verification.lecture import Lecture

_JETON: Final = re.compile(r"\[\[(\w+)[ :]\s*(\d{1,18})[^\[\]\n]*\]\]")
DITES: Final = 4


def endroits_qui_citent(projet: ProjetSocial, choses: Collection[tuple[str, int]]) -> list[Place]:
    """`choses` : (« fiche », 12). Une chose ne se cite pas elle-même."""
    voulues = set(choses)
    soi = {pk for genre, pk in voulues if genre == "fiche"}
    trouves: dict[str, Place] = {}
    for passage in Lecture(projet, lire_arbre(projet)).passages:
        cites = {(trouve[1], int(trouve[2])) for trouve in _JETON.finditer(passage.texte)}
        est_d_elle = (
            passage.place.page.startswith("fiche_action") and dict(passage.place.parametres)["pk"] in soi
        )
        if cites & voulues and not est_d_elle:
            trouves.setdefault(passage.place.nom, passage.place)
    return list(trouves.values())


def refus(nom: str, places: Collection[Place]) -> str:
    """« Le prêt de vélos » est cité à 2 endroits : … Ôtez d'abord ces citations."""
    noms = [place.nom for place in places]
    suite = " ; …" if len(noms) > DITES else ""
    dits = " ; ".join(noms[:DITES])
    return f"« {nom} » est cité à {compte(len(noms), 'endroit')} : {dits}{suite}. Ôtez d’abord ces citations."
