"""L'arbre écrit en tableau : une colonne par étage (axe, enjeu, objectif, action), souvent fusionnée vers le bas."""

from collections.abc import Iterator

from maillage.projets.importation.blocs import Bloc, Ligne
from maillage.projets.importation.grille import libelle_de
from maillage.projets.importation.lexique import EN_TETE, OBJECTIFS_ET_CHAMPS, etages
from maillage.projets.importation.mots import racine
from maillage.projets.importation.noeuds import ANNEE, COCHE, Noeud, Sorte
from maillage.projets.importation.titres import Genre, lire_un_titre

_GENRES = {
    Sorte.AXE: (Genre.AXE, Genre.NUMERO),
    Sorte.ENJEU: (Genre.ENJEU, Genre.NUMERO),
    Sorte.OBJECTIF: (Genre.OBJECTIF, Genre.NUMERO),
    Sorte.OPERATIONNEL: (Genre.OPERATIONNEL, Genre.OBJECTIF, Genre.NUMERO),
    Sorte.ACTION: (Genre.FICHE, Genre.NUMERO),
}


def noeuds_des_tableaux(blocs: list[Bloc], rangs: list[int]) -> dict[int, list[Noeud]]:
    """Rang de tableau → les nœuds qu'il ajoute, pour les tableaux dont la première ligne nomme des étages."""
    noeuds: dict[int, list[Noeud]] = {}
    groupes: dict[int, list[int]] = {}
    for rang in rangs:
        tableau = blocs[rang].tableau
        if tableau is not None:
            groupes.setdefault(tableau, []).append(rang)
    for groupe in groupes.values():
        colonnes = _etages(blocs[groupe[0]])
        if colonnes and len(groupe) > 1:
            noeuds[groupe[0]] = [Noeud(Sorte.DECOR, groupe[0])]
            noeuds.update(_lire(blocs, groupe, colonnes))
    return noeuds


def _etages(tete: Bloc) -> dict[int, Sorte]:
    """Colonne → étage ; rien si moins de deux étages sont nommés, ou si aucun n'est un objectif ou une action."""
    colonnes = {
        colonne: Sorte(etage)
        for colonne, cellule in tete.pleines()
        if (etage := etages().get(racine(cellule.texte.replace("\n", " "))))
    }
    autres = (
        {libelle.nom for _, cellule in tete.pleines() if (libelle := libelle_de(cellule))}
        - EN_TETE
        - OBJECTIFS_ET_CHAMPS
    )
    if len(autres) > 1:  # public, partenaires… : une liste de fiches, une par rang
        return {}
    sortes = set(colonnes.values())
    return colonnes if len(sortes) > 1 and sortes & {Sorte.OBJECTIF, Sorte.OPERATIONNEL, Sorte.ACTION} else {}


def _lire(
    blocs: list[Bloc], groupe: list[int], colonnes: dict[int, Sorte]
) -> Iterator[tuple[int, list[Noeud]]]:
    annees = {
        colonne: int(annee[1])
        for colonne, cellule in blocs[groupe[0]].pleines()
        if (annee := ANNEE.match(cellule.texte.strip()))
    }
    derniers: dict[Sorte, str] = {}
    axes = 0
    for rang in groupe[1:]:
        noeuds: list[Noeud] = []
        cellules = dict(blocs[rang].pleines())
        cochees = tuple(
            annee
            for colonne, annee in annees.items()
            if colonne in cellules and COCHE.match(cellules[colonne].texte)
        )
        for colonne, sorte in colonnes.items():
            lignes = cellules[colonne].lignes if colonne in cellules else ()
            if sorte is not Sorte.ACTION and lignes:  # un titre écrit sur deux lignes n'en fait qu'un
                lignes = (
                    (Ligne(" ".join(ligne.texte for ligne in lignes)),)
                    if not any(li.puce for li in lignes)
                    else lignes
                )
            for ligne in lignes:
                if sorte is not Sorte.ACTION and derniers.get(sorte) == ligne.texte:
                    continue  # répété à chaque rang au lieu d'être fusionné
                derniers[sorte] = ligne.texte
                axes += sorte is Sorte.AXE
                noeuds.append(_noeud(sorte, rang, ligne.texte, axes))
        for noeud in noeuds:
            if noeud.sorte is Sorte.ACTION:
                noeud.annees = cochees
        yield rang, noeuds or [Noeud(Sorte.DECOR, rang)]


def _noeud(sorte: Sorte, rang: int, texte: str, axes: int) -> Noeud:
    titre = lire_un_titre(texte)
    if titre and titre.genre in _GENRES[sorte] and titre.texte:
        return Noeud(sorte, rang, titre.numero, titre.texte)
    return Noeud(sorte, rang, str(axes) if sorte is Sorte.AXE else "", texte)
