"""Les adresses de l'arbre d'un projet, et un arbre de la taille d'un vrai."""

from typing import Any

from maillage.projets.models import Objectif, ProjetSocial
from maillage.territoire.models import Structure
from tests.projets.fabriques import FicheActionFactory, ProjetSpecifiqueFactory, arbre_d_essai

PAGES = (
    *("arbre", "arbre_deplacer", "arbre_defaire", "arbre_refaire", "arbre_numeros", "arbre_dessin"),
    *("tableau", "calendrier"),
)


def adresses_de_l_arbre(projet: ProjetSocial) -> dict[str, dict[str, Any]]:
    """Par nom d'adresse, les paramètres de son chemin."""
    social = {"pk": projet.pk}
    objectif = Objectif.objects.filter(enjeu__axe__projet=projet).order_by("pk")[0]
    specifique = ProjetSpecifiqueFactory(projet=projet, nom="Lecture en travers")
    return {
        **dict.fromkeys(PAGES, social),
        "arbre_ajouter": social | {"genre": "objectif"},
        "arbre_noeud": social | {"genre": "objectif", "cle": objectif.pk},
        "arbre_specifique": social | {"cle": specifique.pk},
        "arbre_dessin_fichier": social | {"extension": "svg"},
        "tableau_fichier": social | {"extension": "csv"},
    }


def grand_arbre(structure: Structure, **projet: Any) -> ProjetSocial:
    """Soixante-deux fiches, comme dans un vrai projet."""
    social = arbre_d_essai(structure, **projet)
    objectifs = list(Objectif.objects.filter(enjeu__axe__projet=social).order_by("pk"))
    for rang in range(56):
        FicheActionFactory(
            objectif=objectifs[rang % len(objectifs)],
            rang=rang + 3,
            titre=f"Une action du quartier, la {rang + 1}e de la liste",
            annees=[2025, 2026, 2027],
            pilote_nom="Farid Haddou",
        )
    return social
