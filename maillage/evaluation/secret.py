"""Les petits nombres : un groupe trop petit ne se lit pas, ni ne se retrouve par soustraction.

Seuils : `PETITS_NOMBRES_DEHORS` pour qui n'est pas de la structure. Sans base.
"""

from collections.abc import Mapping


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
