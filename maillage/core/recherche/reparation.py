"""Réparer un mot inconnu : « numérqiue » donne « numérique ».

On compare des mots entiers, jamais des racines : la racine d'un mot mal tapé ne ressemble à rien.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

from maillage.core.recherche.analyse import replier

ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz"
LONGUEUR_PREFIXE: Final = 3


class Forme(NamedTuple):
    """Un mot connu : replié pour comparer, tel qu'il s'écrit pour le montrer."""

    pliee: str
    montree: str


def distance_permise(mot: str) -> int:
    """Fautes pardonnées selon la longueur : un mot court deviendrait n'importe quoi."""
    if len(mot) < 4:
        return 0
    return 1 if len(mot) < 8 else 2


def distance(a: str, b: str, limite: int) -> int:
    """Lettres ajoutées, ôtées, changées ou interverties pour passer de a à b ; `limite + 1` au-delà.

    Ce qui est commun au début et à la fin est d'abord retiré : presque tous les mots sont écartés là.
    """
    if a == b:
        return 0
    debut, fin_a, fin_b = 0, len(a), len(b)
    if abs(fin_a - fin_b) > limite:
        return limite + 1
    plus_court = min(fin_a, fin_b)
    while debut < plus_court and a[debut] == b[debut]:
        debut += 1
    while fin_a > debut and fin_b > debut and a[fin_a - 1] == b[fin_b - 1]:
        fin_a, fin_b = fin_a - 1, fin_b - 1
    a, b = a[debut:fin_a], b[debut:fin_b]
    if limite == 1 and max(len(a), len(b)) > 2:
        return 2
    return _distance_entiere(a, b, limite)


def _distance_entiere(a: str, b: str, limite: int) -> int:
    """Damerau-Levenshtein restreint (interversions de voisines)."""
    avant: list[int] = []
    ligne = list(range(len(b) + 1))
    for i, lettre in enumerate(a, 1):
        avant_derniere, avant, ligne = avant, ligne, [i]
        for j, autre in enumerate(b, 1):
            cout = min(avant[j] + 1, ligne[j - 1] + 1, avant[j - 1] + (lettre != autre))
            if i > 1 and j > 1 and lettre == b[j - 2] and a[i - 2] == autre:
                cout = min(cout, avant_derniere[j - 2] + 1)
            ligne.append(cout)
        if min(ligne) > limite:
            return limite + 1
    return min(ligne[-1], limite + 1)


def prefixes_voisins(mot: str) -> Iterator[str]:
    """Le début du mot, puis ce début avec une faute : la faute est souvent plus loin, parfois là."""
    debut = mot[:LONGUEUR_PREFIXE]
    yield debut
    vus = {debut}
    ote = [mot[:i] + mot[i + 1 : LONGUEUR_PREFIXE + 1] for i in range(LONGUEUR_PREFIXE)]
    interverti = [
        mot[:i] + mot[i + 1] + mot[i] + mot[i + 2 :] for i in range(min(LONGUEUR_PREFIXE, len(mot) - 1))
    ]
    change = [mot[:i] + lettre + mot[i + 1 :] for i in range(LONGUEUR_PREFIXE) for lettre in ALPHABET]
    ajoute = [mot[:i] + lettre + mot[i:] for i in range(LONGUEUR_PREFIXE) for lettre in ALPHABET]
    for voisin in (*interverti, *ote, *change, *ajoute):
        prefixe = voisin[:LONGUEUR_PREFIXE]
        if prefixe not in vus:
            vus.add(prefixe)
            yield prefixe


def reparer(
    mot: str,
    formes: Callable[[str], Iterable[Forme]],
    frequence: Callable[[str], int],
    ailleurs: Iterable[Forme] = (),
) -> str | None:
    """Le mot connu le plus proche, ou rien.

    `formes(prefixe)` : mots de l'index qui commencent ainsi ; `frequence` les départage ; `ailleurs` : mots
    des synonymes, qu'aucune fiche n'emploie peut-être.
    """
    pliee = replier(mot)
    limite = distance_permise(pliee)
    if not limite:
        return None
    meilleure: tuple[int, int, int, str] | None = None

    def essayer(candidates: Iterable[Forme], est_ailleurs: int) -> None:
        nonlocal meilleure
        for forme in candidates:
            ecart = distance(pliee, forme.pliee, meilleure[0] if meilleure else limite)
            if ecart <= limite and (meilleure is None or ecart <= meilleure[0]):
                cle = (ecart, est_ailleurs, -frequence(forme.montree), forme.montree)
                meilleure = min(meilleure, cle) if meilleure else cle

    for prefixe in prefixes_voisins(pliee):
        essayer(formes(prefixe), 0)
        if meilleure and meilleure[0] <= 1:
            break  # une seule faute, et le plus souvent dans la suite du mot : inutile de chercher plus loin
    if meilleure is None or meilleure[0] > 1:
        essayer(ailleurs, 1)
    return meilleure[3] if meilleure else None
