"""Un graphique dans un document : son dessin, ce qu'il dit, et les mêmes nombres en tableau."""

from typing import Final

from maillage.core.documents.description import Alignement, Figure, Tableau
from maillage.core.graphiques import LARGEUR, Graphique

LARGEUR_DU_PAPIER: Final = 560
"""Un graphique de la page, sur une feuille A4, n'en prend qu'une part."""
TEINTES: Final = ("vert", "miel")
"""Les couleurs des séries, dans l'ordre de `core.graphiques`."""
_DE_LA_PAGE, _DU_PAPIER = (f'viewBox="0 0 {largeur} ' for largeur in (LARGEUR, LARGEUR_DU_PAPIER))


def figure_de(graphique: Graphique, tableau: Tableau | None = None) -> Figure:
    """`tableau` : celui d'où vient le graphique, quand il en dit plus que lui."""
    return Figure(
        svg=str(graphique.svg_de_document).replace(_DE_LA_PAGE, _DU_PAPIER, 1),
        alt=graphique.description,
        legende=f"{graphique.titre}{_series(graphique)}",
        tableau=tableau or _tableau(graphique),
    )


def a_droite(colonnes: int) -> tuple[Alignement, ...]:
    """La première colonne à gauche, puis des nombres."""
    droite: Alignement = "droite"
    return ("gauche", *([droite] * colonnes))


def _series(graphique: Graphique) -> str:
    """De deux séries, laquelle est laquelle : la couleur ne le dit pas seule."""
    if len(graphique.series) == 1:
        return ""
    noms = [serie.libelle.lower() for serie in graphique.series]
    if graphique.forme == "barres":
        return f" (première barre : {noms[0]}, en {TEINTES[0]} ; seconde : {noms[1]}, en {TEINTES[1]})"
    return f" ({noms[0]} en {TEINTES[0]} ; {noms[1]} en {TEINTES[1]})"


def _tableau(graphique: Graphique) -> Tableau:
    return Tableau(
        legende=f"{graphique.titre} : les chiffres",
        entetes=(graphique.repere, *(serie.libelle for serie in graphique.series)),
        lignes=tuple((repere, *valeurs) for repere, valeurs in graphique.lignes),
        alignements=a_droite(len(graphique.series)),
        notes=(graphique.source,),
        a_entetes_de_ligne=True,
    )
