"""Une recherche telle qu'une adresse la garde (« q=jardin&public=seniors ») : la relire, et la dire en mots."""

from django.http import QueryDict

from maillage.catalogue.recherche.documents import CLES
from maillage.catalogue.recherche.page import libelles_de


def lire_recherche(recherche: str) -> tuple[str, dict[str, list[str]]]:
    """Le texte et les filtres. Une clé inconnue est passée : l'adresse a pu être retouchée."""
    champs = QueryDict(recherche)
    return champs.get("q", ""), {cle: champs.getlist(cle) for cle in CLES if champs.getlist(cle)}


def recherche_en_mots(recherche: str) -> str:
    """« jardin », Seniors, Isère. Sans critère : toutes les expériences."""
    texte, choix = lire_recherche(recherche)
    mots = [f"« {texte} »"] if texte else []
    for cle, valeurs in choix.items():
        libelles = libelles_de(cle, valeurs)
        mots += [libelles.get(valeur, valeur) for valeur in valeurs]
    return ", ".join(mots) or "toutes les expériences"
