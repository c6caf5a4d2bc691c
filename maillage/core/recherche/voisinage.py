"""Autour d'une question : compléter la frappe, proposer faute de mieux."""

from collections.abc import Iterable
from typing import Final

from tantivy import Query

from maillage.core.recherche.analyse import analyser, mots, raciner, replier
from maillage.core.recherche.etat import Etat, toutes, une_de
from maillage.core.recherche.index import Suggestions
from maillage.core.recherche.redaction import GENRE_MOT, GENRE_VALEUR, TEXTE, TITRE

LONGUEUR_MIN: Final = 2
FINS_MAX: Final = 50
"""Mots essayés pour finir le dernier mot tapé, dans les titres."""
DEBUT_COMMUN: Final = 4
"""Lettres de même début qui font deux mots proches, quand aucune réparation n'a réussi."""


def suggerer(etat: Etat, debut: str, visible: Query, nombre: int) -> Suggestions:
    """Pendant la frappe : des mots qui complètent le dernier, des valeurs entières, des titres."""
    tapes = mots(debut)
    if not tapes or len(debut.strip()) < LONGUEUR_MIN:
        return Suggestions()
    dernier = replier(tapes[-1])
    formes = sorted(
        etat.formes(GENRE_MOT, dernier, visible),
        key=lambda forme: -etat.searcher.doc_freq(TEXTE, raciner(forme.pliee)),
    )
    valeurs = etat.formes(GENRE_VALEUR, replier(" ".join(debut.split())), visible)
    fins = {raciner(forme.pliee) for forme in formes[:FINS_MAX]} | {raciner(dernier)}
    dans_le_titre = [etat.terme(TITRE, terme) for terme in analyser(" ".join(tapes[:-1]))]
    titres = toutes(visible, *dans_le_titre, une_de([etat.terme(TITRE, fin) for fin in sorted(fins)]))
    return Suggestions(
        mots=tuple(dict.fromkeys(forme.montree for forme in formes[:nombre])),
        valeurs=tuple(dict.fromkeys(forme.montree for forme in valeurs))[:nombre],
        ids=tuple(etat.ids(etat.searcher.search(titres, limit=nombre, count=False).hits)),
    )


def faute_de_mieux(etat: Etat, inconnus: Iterable[str], visible: Query, nombre: int) -> list[int]:
    """Rien ne répond : les documents dont un mot commence comme un mot inconnu."""
    proches = {
        raciner(forme.pliee)
        for mot in inconnus
        if len(debut := replier(mot)[:DEBUT_COMMUN]) == DEBUT_COMMUN
        for forme in etat.formes(GENRE_MOT, debut, visible)
    }
    if not proches:
        return []
    requete = toutes(visible, une_de([etat.terme(TEXTE, terme) for terme in sorted(proches)]))
    return etat.ids(etat.searcher.search(requete, limit=nombre, count=False).hits)
