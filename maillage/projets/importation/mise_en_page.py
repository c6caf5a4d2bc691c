"""Ce qui n'est pas du contenu : sommaire, numéros de page, filets, en-têtes et pieds de page répétés."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from maillage.projets.importation.blocs import Bloc
from maillage.projets.importation.lexique import formes, libelle_entier
from maillage.projets.importation.mots import forme
from maillage.projets.importation.titres import Genre, lire_un_titre

_PAGE = re.compile(
    r"^[\s|.–—-]*(?:(?:page|p)\s*\.?\s*)?\d{1,3}(?:\s*(?:/|sur)\s*\d{1,3})?[\s|.–—-]*$", re.IGNORECASE
)
_NUMERO_FINAL = re.compile(r"\s*(?:[|–—-]\s*)?(?:page|p\.)?\s*\b(\d{1,3})\s*$", re.IGNORECASE)
_FILET = re.compile(r"^[\s\W_]+$")
_RENVOI_DE_PAGE = re.compile(
    r"(?:[\s.…_]{3,}\s*(?:page|p)?\s*\.?\s*\d{1,3}|[\s.]*\b(?:page|p)\s*\.\s?\d{1,3}|\s+page\s+\d{1,3}|\s*\|\s*\d{1,3})\s*$",
    re.IGNORECASE,
)
_ENTREE_MAX = 200
_SOMMAIRE_MAX = 300
"""Au-delà de tant de lignes, ce n'est plus un sommaire : un mot isolé nous a trompés."""
_RENVOI_A_UN_AXE = re.compile(r"\((?:voir |cf\.? )?(?:l['’])?axes?\b[^()]*\)$", re.IGNORECASE)
"""« (AXE 1 - Accéder à ses droits - 07) » : une action citée, autant de fois qu'elle sert."""
_REPETITIONS = 3
_EN_TETE_MAX = 80


@dataclass
class Sommaire:
    """Les lignes du sommaire, et les titres qu'il annonce : forme du titre → niveau."""

    blocs: set[int] = field(default_factory=set)
    titres: dict[str, int] = field(default_factory=dict)


def est_un_sommaire(bloc: Bloc) -> bool:
    return not bloc.est_rang and bloc.forme in formes("rubriques", "sommaire")


def sans_page(texte: str) -> str:
    """L'entrée de sommaire sans son renvoi de page."""
    return _RENVOI_DE_PAGE.sub("", texte).strip(" .…_")


def lire_le_sommaire(blocs: list[Bloc], depart: int, fin: int) -> Sommaire:
    """Le sommaire qui commence au bloc `depart`.

    Il finit quand l'un de ses titres revient : c'est le corps du document qui commence. Sinon, à sa dernière ligne
    qui renvoie à une page.
    """
    vus: dict[str, int] = {}
    dernier_renvoi = depart
    arret = None
    for rang in range(depart + 1, min(fin, depart + _SOMMAIRE_MAX)):
        texte = blocs[rang].texte
        if len(texte) > _ENTREE_MAX:
            break
        entree = sans_page(texte)
        if entree != texte:
            dernier_renvoi = rang
        elif forme(entree) in vus and not _PAGE.match(texte):
            arret = rang
            break
        vus.setdefault(forme(entree), _niveau(entree))
    borne = arret if arret is not None and arret > dernier_renvoi else dernier_renvoi + 1
    sommaire = Sommaire({depart})
    for rang in range(depart + 1, borne):
        entree = sans_page(blocs[rang].texte)
        sommaire.blocs.add(rang)
        for titre in _graphies(entree):
            sommaire.titres.setdefault(titre, _niveau(entree))
    return sommaire


def _niveau(entree: str) -> int:
    titre = lire_un_titre(entree)
    if titre is None or titre.genre is not Genre.NUMERO:
        return 1
    return min(titre.parties, 6)


def _graphies(entree: str) -> Iterable[str]:
    """Un titre annoncé « Chapitre 1 - Le diagnostic » peut n'être dans le corps que « Le diagnostic »."""
    yield forme(entree)
    titre = lire_un_titre(entree)
    if titre and titre.genre is Genre.CHAPITRE and len(forme(titre.texte)) > 3:
        yield forme(titre.texte)


def est_un_signe_de_page(bloc: Bloc) -> bool:
    """Un numéro de page ou un filet, seul sur sa ligne."""
    return not bloc.niveau and bool(_PAGE.match(bloc.texte) or _FILET.match(bloc.texte))


def pieds_de_page(blocs: list[Bloc], rangs: Iterable[int]) -> set[int]:
    """Les lignes courtes qui reviennent collées à un numéro de page, ou qui ne diffèrent que par lui."""
    ordonnes = list(rangs)
    signes = {rang for rang in ordonnes if est_un_signe_de_page(blocs[rang])}
    candidats: dict[str, list[int]] = {}
    for place, rang in enumerate(ordonnes):
        bloc = blocs[rang]
        if rang in signes or not _peut_se_repeter(bloc):
            continue
        sans = _NUMERO_FINAL.sub("", bloc.texte)
        voisins = {ordonnes[voisin] for voisin in (place - 1, place + 1) if 0 <= voisin < len(ordonnes)}
        if sans != bloc.texte or voisins & signes:
            candidats.setdefault(forme(sans), []).append(rang)
    return {
        rang
        for sans, groupe in candidats.items()
        if sans and len(groupe) >= _REPETITIONS and _se_suivent(blocs, groupe)
        for rang in groupe
    }


def _se_suivent(blocs: list[Bloc], rangs: list[int]) -> bool:
    """Leurs numéros, s'ils en ont, sont ceux de pages qui se suivent : ils ne font que croître."""
    numeros = [int(trouve[1]) for rang in rangs if (trouve := _NUMERO_FINAL.search(blocs[rang].texte))]
    return all(avant < apres for avant, apres in pairwise(numeros))


def lignes_repetees(blocs: list[Bloc], rangs: Iterable[int]) -> set[int]:
    """Les lignes courtes qui reviennent telles quelles : en-têtes, pieds, pages de séparation.

    Un titre, un libellé, un élément de liste, une phrase ou une action citée qui revient n'en est pas.
    """
    candidats = [
        rang
        for rang in rangs
        if _peut_se_repeter(blocs[rang]) and not _RENVOI_A_UN_AXE.search(blocs[rang].texte)
    ]
    combien = Counter(blocs[rang].forme for rang in candidats)
    return {rang for rang in candidats if combien[blocs[rang].forme] >= _REPETITIONS}


def _peut_se_repeter(bloc: Bloc) -> bool:
    return (
        not bloc.est_rang
        and not bloc.puce
        and not bloc.niveau
        and len(bloc.texte) <= _EN_TETE_MAX
        and not bloc.texte.endswith((":", ".", ";"))
        and lire_un_titre(bloc.texte) is None
        and libelle_entier(bloc.texte) is None
    )
