"""Un tableau à deux entrées, et ce qui s'y cache : une case trop petite ne se lit pas, ni ne se retrouve."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import F

from maillage.evaluation.calcul.sources import NON_DIT, Source, en_nombre
from maillage.evaluation.secret import masquer

Case = tuple[str, str]


def croiser(source: Source, un: str, autre: str) -> dict[Case, int]:
    """(mot de l'un, mot de l'autre) → combien. Vide quand ces lignes ne se détaillent pas ainsi."""
    axes = [source.axes.get(un), source.axes.get(autre)]
    groupes: dict[str, Any] = {}
    for rang, axe in enumerate(axes):
        if axe is None or axe.expression is None:
            return {}
        groupes[f"axe_{rang}"] = F(axe.expression) if isinstance(axe.expression, str) else axe.expression
    cases: dict[Case, int] = {}
    lues = source.lignes.order_by().values(**groupes).annotate(n=source.nombre())
    for premier, second, n in lues.values_list(*groupes, "n"):
        mots = [
            axe.dire(cle) if axe is not None and cle not in (None, "") else NON_DIT
            for axe, cle in zip(axes, (premier, second), strict=True)
        ]
        case = (mots[0], mots[1])
        cases[case] = cases.get(case, 0) + int(en_nombre(n))
    return cases


def cases_a_cacher(cases: Mapping[Case, int], seuil: int, *, a_marges_cachees: bool) -> set[Case]:
    """Les cases à cacher quand on lit aussi, ailleurs, le total de chaque ligne et de chaque colonne.

    Une case sous le seuil se cache ; dans chaque ligne et chaque colonne, ce qui est caché compte deux cases au moins
    et atteint le seuil ; aucune case cachée ne se déduit des autres. `a_marges_cachees` : les totaux sont eux-mêmes
    masqués à ce seuil ; ce qu'ils taisent, le tableau le tait.
    """
    lignes = list(dict.fromkeys(ligne for ligne, _ in cases))
    colonnes = list(dict.fromkeys(colonne for _, colonne in cases))
    pleines = {(ligne, colonne): cases.get((ligne, colonne), 0) for ligne in lignes for colonne in colonnes}
    rangees = [[(ligne, colonne) for colonne in colonnes] for ligne in lignes]
    rangees += [[(ligne, colonne) for ligne in lignes] for colonne in colonnes]
    cachees = {case for case, n in pleines.items() if 0 < n < seuil}
    if a_marges_cachees:
        for suite in (rangees[: len(lignes)], rangees[len(lignes) :]):
            totaux = {str(rang): sum(pleines[case] for case in cases_) for rang, cases_ in enumerate(suite)}
            for rang, n in masquer(totaux, seuil).items():
                if n is None:
                    cachees |= {*suite[int(rang)]}
    while ajout := _a_cacher_encore(rangees, pleines, cachees, seuil):
        cachees |= ajout
    return cachees


def _a_cacher_encore(
    rangees: list[list[Case]], pleines: Mapping[Case, int], cachees: set[Case], seuil: int
) -> set[Case]:
    for rangee in rangees:
        siennes = cachees.intersection(rangee)
        total = sum(pleines[case] for case in siennes)
        if siennes and (len(siennes) < 2 or total < seuil) and (ajout := _suivante(rangee, pleines, cachees)):
            return ajout
    for case in sorted(cachees):
        if _se_deduit(case, cachees):
            for rangee in rangees:
                if case in rangee and (ajout := _suivante(rangee, pleines, cachees)):
                    return ajout
    return set()


def _suivante(rangee: list[Case], pleines: Mapping[Case, int], cachees: set[Case]) -> set[Case]:
    """La plus petite case encore lue de la rangée ; quand elles sont toutes à zéro, toutes."""
    lues = [case for case in rangee if case not in cachees]
    non_nulles = sorted((pleines[case], case) for case in lues if pleines[case])
    return {non_nulles[0][1]} if non_nulles else {*lues}


def _se_deduit(case: Case, cachees: set[Case]) -> bool:
    """Vrai quand aucun tour de cases cachées ne passe par celle-ci : les totaux la rendent par soustraction."""
    ligne, colonne = case
    autres = cachees - {case}
    vues, a_voir = set[tuple[int, str]](), [(0, ligne)]
    while a_voir:
        bout = a_voir.pop()
        if bout == (1, colonne):
            return False
        if bout not in vues:
            vues.add(bout)
            a_voir += _voisins(bout, autres)
    return True


def _voisins(bout: tuple[int, str], cachees: set[Case]) -> Iterator[tuple[int, str]]:
    sens, mot = bout
    return ((1 - sens, case[1 - sens]) for case in cachees if case[sens] == mot)
