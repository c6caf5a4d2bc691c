"""Les documents qui ressemblent à un autre : ceux qui partagent ses mots marquants, ou leurs synonymes.

Le moteur propose d'un coup les plus probables, sans lire tout l'index ; la note fine se calcule ici, sur ce que
chaque document garde de lui-même : aucun texte n'est relu.
"""

import math
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from tantivy import Query

from maillage.core.recherche.etat import Etat, toutes, une_de
from maillage.core.recherche.index import MotCommun, Ressemblant
from maillage.core.recherche.marquage import Marque
from maillage.core.recherche.redaction import FACETTE, GARDE, MARQUANTS, TEXTE
from maillage.core.recherche.requete import MOTS_FAIBLES
from maillage.core.recherche.synonymes import FORT, Dictionnaire, Termes

IDEES_MAX: Final = 25
CANDIDATS: Final = 12
"""Documents comparés finement."""
PART_COMMUNE: Final = 0.25
"""Un mot de plus d'un document sur quatre ne rapproche personne…"""
PART_COMMUNE_METIER: Final = 0.34
"""… sauf un mot du métier (il a des synonymes) ou une valeur de liste : jusqu'à un sur trois."""
PEU: Final = 4
"""Dans un petit réseau, un mot de quatre documents n'est pas encore commun."""
PART_HORS_METIER: Final = 0.35
"""Un mot sans synonyme dit moins souvent le sujet ; il doit être dans l'un des deux titres."""
PART_VOISIN: Final = 0.7
PART_VOISIN_LOINTAIN: Final = 0.3


class Idee(NamedTuple):
    """Un mot marquant, ou une expression connue du titre, et les autres façons de le dire dans l'index."""

    termes: Termes
    poids: float
    voisins: tuple[tuple[Termes, float], ...]
    est_du_metier: bool


def ressemblants(
    etat: Etat, dictionnaire: Dictionnaire, facettes: Iterable[str], id: int, visible: Query
) -> list[Ressemblant]:
    ici = _relire(etat, toutes(visible, _ids(etat, [id]))).get(id)
    if ici is None or not (idees := _idees(etat, dictionnaire, ici)):
        return []
    proposes = etat.searcher.search(_requete(etat, idees), limit=CANDIDATS + 1, count=False)
    candidats = [autre for autre in etat.ids(proposes.hits) if autre != id]
    if not candidats:
        return []
    rares = {nom: set(_valeurs_rares(etat, nom, ici.facettes.get(nom, ()))) for nom in facettes}
    trouves = [
        Ressemblant(
            autre,
            sum(mot.force for mot in mots),
            mots,
            {nom: tuple(v for v in la.facettes.get(nom, ()) if v in rares[nom]) for nom in rares},
            la.garde,
        )
        for autre, la in _relire(etat, toutes(visible, _ids(etat, candidats))).items()
        if (mots := _mots_communs(idees, ici, la))
    ]
    return sorted(trouves, key=lambda trouve: (-trouve.note, trouve.id))


def _ids(etat: Etat, ids: Iterable[int]) -> Query:
    return une_de([Query.term_query(etat.schema, "id", id) for id in ids])


def _relire(etat: Etat, requete: Query) -> dict[int, Marque]:
    hits = etat.searcher.search(requete, limit=CANDIDATS + 1, count=False).hits
    return {
        id: Marque.relire(etat.searcher.doc(adresse).get_first(GARDE))
        for id, (_, adresse) in zip(etat.ids(hits), hits, strict=True)
    }


# --- De quoi parle un document --------------------------------------------------------------------


def _idees(etat: Etat, dictionnaire: Dictionnaire, ici: Marque) -> list[Idee]:
    """Les plus fortes, mesurées par leur rareté ; ensemble, un vecteur de longueur 1."""
    poids: dict[Termes, float] = {}
    for terme, frequence in ici.marquants.poids.items():
        if valeur := frequence * _portee(etat, dictionnaire, terme):
            poids[terme,] = valeur
    for expression in dictionnaire.segmenter(ici.titre):
        if len(expression) > 1 and all(terme in ici.marquants.poids for terme in expression):
            poids[expression] = sum(ici.marquants.poids[terme] for terme in expression) * _rarete(
                etat.searcher.num_docs, _frequence(etat, expression)
            )
    fortes = sorted(poids, key=lambda termes: (-poids[termes], termes))[:IDEES_MAX]
    longueur = math.hypot(*(poids[termes] for termes in fortes)) or 1.0
    return [
        Idee(
            termes,
            poids[termes] / longueur,
            tuple(_voisins(etat, dictionnaire, ici, termes)),
            bool(dictionnaire.voisins(termes)),
        )
        for termes in fortes
    ]


def _portee(etat: Etat, dictionnaire: Dictionnaire, terme: str) -> float:
    """Ce qu'un mot dit du sujet : rien s'il est partout, ou s'il n'est que là et sans synonyme."""
    if terme in MOTS_FAIBLES:
        return 0.0
    est_du_metier = bool(dictionnaire.voisins((terme,)))
    part = PART_COMMUNE_METIER if est_du_metier else PART_COMMUNE
    nombre, marques = etat.searcher.num_docs, etat.searcher.doc_freq(MARQUANTS, terme)
    if etat.searcher.doc_freq(TEXTE, terme) > max(PEU, part * nombre):
        return 0.0
    if est_du_metier:
        return _rarete(nombre, marques)
    return PART_HORS_METIER * _rarete(nombre, marques) if marques > 1 else 0.0


def _frequence(etat: Etat, termes: Termes) -> int:
    """Documents que cette expression marque, au plus."""
    return min(etat.searcher.doc_freq(MARQUANTS, terme) for terme in termes)


def _rarete(nombre: int, frequence: int) -> float:
    return math.log(1 + (nombre - min(frequence, nombre) + 0.5) / (frequence + 0.5))


def _voisins(
    etat: Etat, dictionnaire: Dictionnaire, ici: Marque, termes: Termes
) -> Iterator[tuple[Termes, float]]:
    for voisin, force in dictionnaire.voisins(termes).items():
        if any(terme in ici.marquants.poids for terme in voisin):
            continue  # déjà une idée de ce document
        if _frequence(etat, voisin):
            yield voisin, PART_VOISIN if force == FORT else PART_VOISIN_LOINTAIN


def _valeurs_rares(etat: Etat, facette: str, valeurs: Iterable[str]) -> Iterator[str]:
    limite = max(PEU, PART_COMMUNE_METIER * etat.searcher.num_docs)
    return (valeur for valeur in valeurs if etat.searcher.doc_freq(FACETTE + facette, valeur) <= limite)


# --- Ce que deux documents partagent --------------------------------------------------------------


def _requete(etat: Etat, idees: Iterable[Idee]) -> Query:
    """Une simple réunion de mots : le moteur saute les documents qui ne peuvent plus gagner."""
    poids: dict[str, float] = {}
    for idee in idees:
        for termes, part in ((idee.termes, 1.0), *idee.voisins):
            rare = min(termes, key=lambda terme: etat.searcher.doc_freq(MARQUANTS, terme))
            poids[rare] = max(poids.get(rare, 0.0), idee.poids * part)
    return une_de([Query.boost_query(etat.terme(MARQUANTS, terme), fort) for terme, fort in poids.items()])


def _mots_communs(idees: Iterable[Idee], ici: Marque, la: Marque) -> tuple[MotCommun, ...]:
    """Une expression d'abord : ses mots ne comptent plus seuls."""
    pris: set[str] = set()
    communs = []
    for idee in sorted(idees, key=lambda idee: -len(idee.termes)):
        if not pris.isdisjoint(idee.termes):
            continue
        if not idee.est_du_metier and not {*ici.titre, *la.titre}.issuperset(idee.termes):
            continue
        facons = [
            (force, termes)
            for termes, part in ((idee.termes, 1.0), *idee.voisins)
            if pris.isdisjoint(termes)
            if (force := idee.poids * part * min(la.marquants.poids.get(terme, 0.0) for terme in termes))
        ]
        if facons:
            force, termes = max(facons)
            pris.update(idee.termes, termes)
            mot = _ecrire(ici, idee.termes)
            communs.append(
                MotCommun(
                    mot,
                    mot if termes == idee.termes else _ecrire(la, termes),
                    force,
                    set(idee.termes) <= set(ici.titre) and set(termes) <= set(la.titre),
                )
            )
    return tuple(sorted(communs, key=lambda commun: (-commun.force, commun.ici)))


def _ecrire(marque: Marque, termes: Termes) -> str:
    return " ".join(marque.marquants.mots[terme] for terme in termes)
