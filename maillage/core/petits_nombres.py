"""Les petits nombres : un groupe trop petit ne se lit pas, ni ne se retrouve par soustraction. Sans base."""

from collections.abc import Iterable, Mapping, Sequence


def masquer(cellules: Mapping[str, int], seuil: int) -> dict[str, int | None]:
    """Les mêmes cellules, None à la place de ce qui ne se montre pas.

    Zéro se montre. Une cellule sous le seuil se cache ; ce qui est caché compte alors deux cellules au moins et atteint
    le seuil en tout, sans quoi le total le rendrait : les plus petites des autres se cachent avec.
    """
    cachees = {mot for mot, nombre in cellules.items() if 0 < nombre < seuil}
    if cachees:
        autres = iter(sorted((n, mot) for mot, n in cellules.items() if n and mot not in cachees))
        while len(cachees) < 2 or sum(cellules[mot] for mot in cachees) < seuil:
            suivante = next(autres, None)
            if suivante is None:
                return dict.fromkeys(cellules)
            cachees.add(suivante[1])
    return {mot: None if mot in cachees else nombre for mot, nombre in cellules.items()}


def masquer_un_croisement(lignes: Sequence[Sequence[int]], seuil: int) -> list[list[int | None]]:
    """La même grille, None à la place de ce qui ne se montre pas : ni la ligne, ni la colonne ne le rend.

    Chaque rangée, en travers et de haut en bas, cache deux cellules au moins, et le seuil en tout.
    """
    montrees: list[list[int | None]] = [list(ligne) for ligne in lignes]
    rangees = [[(i, j) for j in range(len(ligne))] for i, ligne in enumerate(lignes)]
    if len(lignes) > 1:
        rangees += [[(i, j) for i in range(len(lignes))] for j in range(len(lignes[0]))]
    for i, ligne in enumerate(lignes):
        for j, n in enumerate(ligne):
            if 0 < n < seuil:
                montrees[i][j] = None
    while (a_cacher := _trahie(rangees, lignes, montrees, seuil)) is not None:
        montrees[a_cacher[0]][a_cacher[1]] = None
    return montrees


def _trahie(
    rangees: Iterable[Sequence[tuple[int, int]]],
    lignes: Sequence[Sequence[int]],
    montrees: Sequence[Sequence[int | None]],
    seuil: int,
) -> tuple[int, int] | None:
    """La plus petite cellule visible d'une rangée qui rendrait ce qu'elle cache, s'il y en a une."""
    for rangee in rangees:
        cachees = [(i, j) for i, j in rangee if montrees[i][j] is None]
        visibles = [(i, j) for i, j in rangee if montrees[i][j]]
        protege = len(cachees) >= 2 and sum(lignes[i][j] for i, j in cachees) >= seuil
        if cachees and visibles and not protege:
            return min(visibles, key=lambda case: lignes[case[0]][case[1]])
    return None
