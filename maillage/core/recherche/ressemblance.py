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
CANDIDATS: Final = 10
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
    facons: tuple[tuple[Termes, float], ...]
    """Le mot lui-même, puis ses synonymes, les plus francs d'abord."""
    est_du_metier: bool


def ressemblants(
    etat: Etat, dictionnaire: Dictionnaire, facettes: Iterable[str], id: int, visible: Query
) -> list[Ressemblant]:
    ici = _relire(etat, toutes(visible, _ids(etat, [id]))).get(id)
    return [] if ici is None else proches_de(etat, dictionnaire, facettes, ici, visible, sauf=id)


def proches_de(
    etat: Etat,
    dictionnaire: Dictionnaire,
    facettes: Iterable[str],
    ici: Marque,
    visible: Query,
    sauf: int | None = None,
) -> list[Ressemblant]:
    """`ici` peut n'être dans aucun index : un texte que l'on écrit."""
    if not (idees := _idees(etat, dictionnaire, ici)):
        return []
    proposes = etat.searcher.search(_requete(etat, idees), limit=CANDIDATS + 1, count=False)
    candidats = [autre for autre in etat.ids(proposes.hits) if autre != sauf]
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
    """Les plus fortes, mesurées par leur rareté ; ensemble, un vecteur de longueur 1.

    Les expressions d'abord : une fois trouvées, leurs mots ne comptent plus seuls.
    """
    marquants = ici.marquants.poids
    mots: list[Termes] = [(terme,) for terme in marquants if terme not in MOTS_FAIBLES]
    expressions = [dits for dits in dictionnaire.segmenter(ici.titre) if len(dits) > 1]
    poids = {
        termes: sum(marquants[terme] for terme in termes) * portee
        for termes in (*mots, *expressions)
        if all(terme in marquants for terme in termes)
        if (portee := _portee(etat, dictionnaire, termes))
    }
    facons = {
        termes: ((termes, 1.0), *_voisins(etat, dictionnaire, ici, termes))
        for termes in sorted(poids, key=lambda termes: (-poids[termes], termes))[:IDEES_MAX]
    }
    partagees = [
        termes
        for termes, dites in facons.items()
        if len(dites) > 1
        or _frequence(etat, MARQUANTS, termes) > 1  # ce que nul autre ne dit ne rapproche pas
    ]
    longueur = math.hypot(*(poids[termes] for termes in partagees))
    return [
        Idee(termes, poids[termes] / longueur, facons[termes], bool(dictionnaire.voisins(termes)))
        for termes in sorted(partagees, key=len, reverse=True)
    ]


def _portee(etat: Etat, dictionnaire: Dictionnaire, termes: Termes) -> float:
    """Ce qu'un mot, ou une expression, dit du sujet : rien s'il est partout."""
    est_du_metier = bool(dictionnaire.voisins(termes))
    nombre, marques = etat.searcher.num_docs, _frequence(etat, MARQUANTS, termes)
    part = PART_COMMUNE_METIER if est_du_metier else PART_COMMUNE
    if _frequence(etat, TEXTE, termes) > max(PEU, part * nombre):
        return 0.0
    return _rarete(nombre, marques) * (1.0 if est_du_metier else PART_HORS_METIER)


def _frequence(etat: Etat, champ: str, termes: Termes) -> int:
    """Documents qui emploient tous ces mots, au plus."""
    return min(etat.searcher.doc_freq(champ, terme) for terme in termes)


def _rarete(nombre: int, frequence: int) -> float:
    return math.log(1 + (nombre - min(frequence, nombre) + 0.5) / (frequence + 0.5))


def _voisins(
    etat: Etat, dictionnaire: Dictionnaire, ici: Marque, termes: Termes
) -> list[tuple[Termes, float]]:
    """Ses synonymes qui marquent un autre document, sauf ceux qui sont déjà une idée de celui-ci."""
    voisins = [
        (voisin, PART_VOISIN if force == FORT else PART_VOISIN_LOINTAIN)
        for voisin, force in dictionnaire.voisins(termes).items()
        if ici.marquants.poids.keys().isdisjoint(voisin) and _frequence(etat, MARQUANTS, voisin)
    ]
    return sorted(voisins, key=lambda voisin: -voisin[1])


def _valeurs_rares(etat: Etat, facette: str, valeurs: Iterable[str]) -> Iterator[str]:
    limite = max(PEU, PART_COMMUNE_METIER * etat.searcher.num_docs)
    return (valeur for valeur in valeurs if etat.searcher.doc_freq(FACETTE + facette, valeur) <= limite)


# --- Ce que deux documents partagent --------------------------------------------------------------


def _requete(etat: Etat, idees: Iterable[Idee]) -> Query:
    """Une simple réunion de mots : le moteur saute les documents qui ne peuvent plus gagner."""
    poids: dict[str, float] = {}
    for idee in idees:
        for termes, part in idee.facons:
            rare = min(termes, key=lambda terme: etat.searcher.doc_freq(MARQUANTS, terme))
            poids[rare] = max(poids.get(rare, 0.0), idee.poids * part)
    return une_de([Query.boost_query(etat.terme(MARQUANTS, terme), fort) for terme, fort in poids.items()])


def _mots_communs(idees: Iterable[Idee], ici: Marque, la: Marque) -> tuple[MotCommun, ...]:
    la_bas = la.marquants.poids
    pris: set[str] = set()
    communs = []
    for idee in idees:
        if not pris.isdisjoint(idee.termes):
            continue
        if not idee.est_du_metier and not {*ici.titre, *la.titre}.issuperset(idee.termes):
            continue
        for termes, part in idee.facons:
            force = idee.poids * part * min(la_bas.get(terme, 0.0) for terme in termes)
            if force and pris.isdisjoint(termes):
                pris.update(idee.termes, termes)
                communs.append(_commun(ici, la, idee.termes, termes, force))
                break
    return tuple(sorted(communs, key=lambda commun: (-commun.force, commun.ici)))


def _commun(ici: Marque, la: Marque, termes: Termes, autres: Termes, force: float) -> MotCommun:
    mot = _ecrire(ici, termes)
    est_titre = set(termes) <= set(ici.titre) and set(autres) <= set(la.titre)
    return MotCommun(mot, mot if termes == autres else _ecrire(la, autres), force, est_titre)


def _ecrire(marque: Marque, termes: Termes) -> str:
    return " ".join(marque.marquants.mots[terme] for terme in termes)
