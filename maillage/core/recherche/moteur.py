"""L'index tantivy : le port `IndexRecherche` sur un dossier local.

Les processus web lisent et rechargent au plus une fois par seconde ; seul qui tient le verrou écrit.
"""

import json
import math
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import Any, Final, NamedTuple

import tantivy
from tantivy import Occur, Order, Query

from maillage.core.recherche.analyse import VERSION_ANALYSE, analyser, mots, raciner, replier
from maillage.core.recherche.dossier import DossierIndex
from maillage.core.recherche.index import (
    Correction,
    Document,
    IndexIndisponible,
    Question,
    Reponse,
    Schema,
    Suggestions,
)
from maillage.core.recherche.redaction import (
    FACETTE,
    GENRE_MOT,
    GENRE_VALEUR,
    LEXIQUE,
    TEXTE,
    TITRE,
    TRI,
    TRI_TITRE,
    VISIBILITE,
    DocumentAnalyse,
    Redacteur,
    schema_tantivy,
)
from maillage.core.recherche.reparation import Forme, reparer
from maillage.core.recherche.requete import ASSEZ, Lecture, Ponderation, parmi
from maillage.core.recherche.synonymes import Dictionnaire

RECHARGE_S: Final = 1.0
A_RECLASSER: Final = 200
"""Réponses reclassées finement ; les suivantes gardent l'ordre du premier calcul."""
VALEURS_MAX: Final = 10_000
"""Plus qu'aucune facette n'a de valeurs : les nombres sont exacts."""
MEMOIRE_ECRITURE: Final = 64_000_000
MEMOIRE_RECONSTRUCTION: Final = 192_000_000
LONGUEUR_QUESTION: Final = 2_000
NOMBRE_PROCHES: Final = 5
FORMES_MAX: Final = 2_000
TERMES_PARLANTS: Final = 30
NOTE_D_UNE_VALEUR: Final = 2.0


class Etat(NamedTuple):
    """Ce qu'un lecteur a sous les yeux."""

    searcher: Any  # les types livrés avec tantivy oublient `SearchResult.count`
    schema: tantivy.Schema


class IndexTantivy:
    """`dictionnaire` est relu à chaque question : à l'appelant de le garder en mémoire."""

    def __init__(
        self,
        chemin: Path,
        schema: Schema,
        dictionnaire: Callable[[], Dictionnaire] = Dictionnaire,
        ponderation: Ponderation = Ponderation(),  # noqa: B008 — figée
    ) -> None:
        self._schema = schema
        self._dictionnaire = dictionnaire
        self.ponderation = ponderation
        estampille = {"schema": asdict(schema), "analyse": VERSION_ANALYSE, "moteur": version("tantivy")}
        self._dossier = DossierIndex(chemin / schema.nom, _en_json(estampille))
        self._verrou = Lock()
        self._version: Path | None = None
        self._index: tantivy.Index | None = None
        self._lu_a = float("-inf")

    # --- Lire ---

    def est_pret(self) -> bool:
        try:
            self._dossier.version_courante()
        except IndexIndisponible:
            return False
        return True

    def _lire(self) -> Etat:
        """L'index en service, à une seconde près. Lève `IndexIndisponible`."""
        with self._verrou:
            maintenant = time.monotonic()
            if self._index is None or maintenant - self._lu_a >= RECHARGE_S:
                version = self._dossier.version_courante()
                if self._index is None or version != self._version:
                    self._index, self._version = _ouvrir(version), version
                else:
                    self._index.reload()
                self._lu_a = maintenant
            return Etat(self._index.searcher(), self._index.schema)

    def chercher(self, question: Question) -> Reponse:
        etat = self._lire()
        texte = question.texte[:LONGUEUR_QUESTION]
        lecture, correction, ignores = self._lecture(etat, texte, question.corrige)
        visible = parmi(etat.schema, VISIBILITE, list(question.visibilites))
        filtres = self._filtres(etat, question)
        ensemble = self._ensemble(etat, lecture, visible)
        if ensemble is None:
            return Reponse(
                [], [], 0, {nom: {} for nom in question.facettes}, correction, ignores, termes=frozenset()
            )
        base = _tous(ensemble, visible)
        ids, scores, total = self._page(etat, lecture, _tous(base, *filtres.values()), question)
        return Reponse(
            ids=ids,
            scores=scores,
            total=total,
            facettes=self._facettes(etat, base, filtres, question.facettes),
            correction=correction,
            ignores=ignores,
            proches=() if total else self._proches(etat, lecture, base),
            termes=lecture.cherches,
        )

    def _lecture(
        self, etat: Etat, texte: str, corrige: bool
    ) -> tuple[Lecture, Correction | None, tuple[str, ...]]:
        """Lit la question ; un mot que ni l'index ni les synonymes ne connaissent est réparé, ou ignoré."""
        dictionnaire = self._dictionnaire()

        def lire(texte: str) -> Lecture:
            return Lecture(texte, dictionnaire, etat.searcher, etat.schema, self.ponderation)

        lecture = lire(texte)
        repare, ignores = texte, []
        for mot in dict.fromkeys(mots(texte)):
            termes = analyser(mot)
            if not termes or termes[0] not in lecture.termes:
                continue
            if lecture.frequence(termes[0]) or dictionnaire.connait(termes[0]):
                continue
            autre = self._reparer(etat, mot, dictionnaire) if corrige else None
            if autre:
                repare = repare.replace(mot, autre)
            else:
                ignores.append(mot)
        if repare == texte:
            return lecture, None, tuple(ignores)
        return lire(repare), Correction(texte, repare), tuple(ignores)

    def _reparer(self, etat: Etat, mot: str, dictionnaire: Dictionnaire) -> str | None:
        if not mot.isalpha():
            return None
        return reparer(
            mot,
            formes=lambda prefixe: _formes(etat, GENRE_MOT, prefixe),
            frequence=lambda montree: etat.searcher.doc_freq(TEXTE, raciner(replier(montree))),
            ailleurs=(Forme(pliee, montree) for pliee, montree in dictionnaire.mots.items()),
        )

    def _ensemble(self, etat: Etat, lecture: Lecture, visible: Query) -> Query | None:
        """Les fiches qui répondent au texte. Les filtres n'y changent rien : les facettes restent justes."""
        if lecture.est_vide:
            return Query.all_query()
        dernier = None
        for ensemble in lecture.ensembles():
            trouve = etat.searcher.search(_tous(ensemble, visible), limit=1, count=True).count
            if trouve:
                dernier = ensemble
            if trouve >= ASSEZ:
                break
        return dernier

    def _filtres(self, etat: Etat, question: Question) -> dict[str, Query]:
        return {
            cle: parmi(etat.schema, FACETTE + cle, [_propre(valeur) for valeur in valeurs])
            for cle, valeurs in question.filtres.items()
            if cle in self._schema.facettes and valeurs
        }

    def _page(
        self, etat: Etat, lecture: Lecture, requete: Query, question: Question
    ) -> tuple[list[int], list[float], int]:
        """Identifiants et notes de la page demandée, et le nombre total."""
        searcher, fin = etat.searcher, question.depart + question.nombre
        champ, ordre = self._tri(question.tri, lecture)
        if champ:
            trouve = searcher.search(
                requete,
                limit=max(1, question.nombre),
                offset=question.depart,
                order_by_field=champ,
                order=ordre,
            )
            return self._ids(searcher, trouve.hits), [0.0] * len(trouve.hits), trouve.count
        trouve = searcher.search(requete, limit=max(A_RECLASSER, fin))
        ids, notes = self._ids(searcher, trouve.hits), [float(note) for note, _ in trouve.hits]
        if question.depart < A_RECLASSER:
            tete, notes_tete = self._reclasser(etat, lecture, ids[:A_RECLASSER])
            ids, notes = tete + ids[A_RECLASSER:], notes_tete + [0.0] * len(ids[A_RECLASSER:])
        return ids[question.depart : fin], notes[question.depart : fin], trouve.count

    def _tri(self, tri: str, lecture: Lecture) -> tuple[str, Order]:
        """Sans texte, la pertinence n'a pas de sens : le premier tri du schéma prend sa place."""
        if tri == "titre":
            return TRI_TITRE, Order.Asc
        if tri not in self._schema.tris:
            tri = self._schema.tris[0] if lecture.est_vide and self._schema.tris else ""
        return (TRI + tri if tri else ""), Order.Desc

    def _reclasser(self, etat: Etat, lecture: Lecture, ids: list[int]) -> tuple[list[int], list[float]]:
        if not ids:
            return [], []
        parmi_eux = Query.const_score_query(Query.term_set_query(etat.schema, "id", ids), 0.0)
        requete = Query.boolean_query([(Occur.Must, parmi_eux), (Occur.Should, lecture.classement())])
        trouve = etat.searcher.search(requete, limit=len(ids), count=False)
        return self._ids(etat.searcher, trouve.hits), [float(note) for note, _ in trouve.hits]

    @staticmethod
    def _ids(searcher: Any, hits: list[tuple[Any, tantivy.DocAddress]]) -> list[int]:
        return searcher.fast_field_values("id", [adresse for _, adresse in hits]) if hits else []

    def _facettes(
        self, etat: Etat, base: Query, filtres: dict[str, Query], facettes: Iterable[str]
    ) -> dict[str, dict[str, int]]:
        """Nombres exacts. Les facettes sans choix d'un coup ; chaque autre, sans son propre filtre."""
        comptees: dict[str, dict[str, int]] = {}
        libres = [nom for nom in facettes if nom not in filtres]
        lots = [(libres, filtres.values())] if libres else []
        for nom in facettes:
            if nom in filtres:
                lots.append(([nom], [filtre for cle, filtre in filtres.items() if cle != nom]))  # type: ignore[arg-type]
        for noms, actifs in lots:
            comptees |= self._compter(etat, _tous(base, *actifs), noms)
        return {nom: comptees[nom] for nom in facettes}

    @staticmethod
    def _compter(etat: Etat, requete: Query, noms: list[str]) -> dict[str, dict[str, int]]:
        agregations = {
            nom: {"terms": {"field": FACETTE + nom, "size": VALEURS_MAX, "segment_size": VALEURS_MAX}}
            for nom in noms
        }
        comptes = etat.searcher.aggregate(requete, agregations)
        return {nom: {b["key"]: b["doc_count"] for b in comptes[nom]["buckets"]} for nom in noms}

    def _proches(self, etat: Etat, lecture: Lecture, base: Query) -> tuple[int, ...]:
        """Les filtres excluent tout : ce que la même question trouve sans eux."""
        trouve = etat.searcher.search(base, limit=A_RECLASSER, count=False)
        ids, _ = self._reclasser(etat, lecture, self._ids(etat.searcher, trouve.hits))
        return tuple(ids[:NOMBRE_PROCHES])

    def suggerer(self, debut: str, visibilites: Collection[str], nombre: int = 8) -> Suggestions:
        """Pendant la frappe : des mots qui complètent le dernier, des valeurs entières, des titres."""
        etat = self._lire()
        tapes = mots(debut[:LONGUEUR_QUESTION])
        if not tapes or len(debut.strip()) < 2:
            return Suggestions()
        visible = parmi(etat.schema, VISIBILITE, list(visibilites))
        dernier = replier(tapes[-1])
        formes = list(_formes(etat, GENRE_MOT, dernier, visible))
        formes.sort(key=lambda forme: -etat.searcher.doc_freq(TEXTE, raciner(forme.pliee)))
        valeurs = _formes(etat, GENRE_VALEUR, replier(" ".join(debut.split())), visible)
        clauses = [(Occur.Must, visible)]
        clauses += [
            (Occur.Must, Query.term_query(etat.schema, TITRE, t)) for t in analyser(" ".join(tapes[:-1]))
        ]
        fins = {raciner(forme.pliee) for forme in formes[:50]} | {raciner(dernier)}
        fin = [(Occur.Should, Query.term_query(etat.schema, TITRE, terme)) for terme in sorted(fins)]
        titres = etat.searcher.search(
            Query.boolean_query([*clauses, (Occur.Must, Query.boolean_query(fin))]), limit=nombre, count=False
        )
        return Suggestions(
            mots=tuple(dict.fromkeys(forme.montree for forme in formes[:nombre])),
            valeurs=tuple(dict.fromkeys(forme.montree for forme in valeurs))[:nombre],
            ids=tuple(self._ids(etat.searcher, titres.hits)),
        )

    def frequence(self, terme: str) -> int:
        """Nombre de documents qui emploient ce terme (déjà analysé)."""
        return self._lire().searcher.doc_freq(TEXTE, terme)

    def ressemblants(
        self,
        id: int,
        termes: Mapping[str, int],
        facettes: Mapping[str, Collection[str]],
        visibilites: Collection[str],
        nombre: int,
    ) -> list[int]:
        """Documents proches d'un autre, par ses termes les plus parlants (rares, répétés) et ses valeurs."""
        etat = self._lire()
        communs = {terme: etat.searcher.doc_freq(TEXTE, terme) for terme in termes}
        parlants = sorted(
            (terme for terme, frequence in communs.items() if frequence > 1),
            key=lambda terme: (-(1 + math.log(termes[terme])) / math.log(1 + communs[terme]), terme),
        )
        clauses = [
            Query.boost_query(Query.term_query(etat.schema, TEXTE, terme), 1 + math.log(termes[terme]))
            for terme in parlants[:TERMES_PARLANTS]
        ]
        clauses += [
            Query.const_score_query(Query.term_query(etat.schema, FACETTE + nom, valeur), NOTE_D_UNE_VALEUR)
            for nom, valeurs in facettes.items()
            for valeur in valeurs
        ]
        if not clauses:
            return []
        requete = Query.boolean_query(
            [
                (Occur.Must, parmi(etat.schema, VISIBILITE, list(visibilites))),
                (Occur.Must, Query.boolean_query([(Occur.Should, clause) for clause in clauses])),
                (Occur.MustNot, Query.term_query(etat.schema, "id", id)),
            ]
        )
        return self._ids(etat.searcher, etat.searcher.search(requete, limit=nombre, count=False).hits)

    # --- Écrire ---

    @contextmanager
    def ecrire(self) -> Iterator["EcrivainTantivy"]:
        with self._dossier.verrouiller():
            index = _ouvrir(self._dossier.version_courante())
            ecrivain = EcrivainTantivy(index, self._schema)
            try:
                yield ecrivain
            except BaseException:
                ecrivain.abandonner()
                raise
            ecrivain.valider()
        self._lu_a = float("-inf")

    def reconstruire(self, documents: Iterable[Document]) -> int:
        redacteur = Redacteur(self._schema)
        return self.reconstruire_analyses(redacteur.analyser(document) for document in documents)

    def reconstruire_analyses(self, analyses: Iterable[DocumentAnalyse]) -> int:
        nombre = 0
        with self._dossier.verrouiller(), self._dossier.nouvelle_version() as version:
            index = tantivy.Index(schema_tantivy(self._schema), path=str(version))
            writer = index.writer(MEMOIRE_RECONSTRUCTION, 1)
            for analyse in analyses:
                writer.add_document(analyse.en_tantivy())
                nombre += 1
            writer.commit()
            writer.wait_merging_threads()
        self._lu_a = float("-inf")
        return nombre


class EcrivainTantivy:
    def __init__(self, index: tantivy.Index, schema: Schema) -> None:
        searcher = index.searcher()
        self._writer = index.writer(MEMOIRE_ECRITURE, 1)
        self._redacteur = Redacteur(schema, lambda forme: searcher.doc_freq(LEXIQUE, forme))

    def indexer(self, documents: Iterable[Document]) -> None:
        for document in documents:
            self._writer.delete_documents_by_term("id", document.id)
            self._writer.add_document(self._redacteur.analyser(document).en_tantivy())

    def retirer(self, ids: Iterable[int]) -> None:
        for identifiant in ids:
            self._writer.delete_documents_by_term("id", identifiant)

    def valider(self) -> None:
        self._writer.commit()
        self._writer.wait_merging_threads()

    def abandonner(self) -> None:
        self._writer.rollback()
        self._writer.wait_merging_threads()


def _ouvrir(version: Path) -> tantivy.Index:
    try:
        return tantivy.Index.open(str(version))
    except ValueError as panne:
        raise IndexIndisponible("L'index de recherche est illisible. Lancez reconstruire_index.") from panne


def _formes(etat: Etat, genre: str, prefixe: str, visible: Query | None = None) -> Iterator[Forme]:
    debut = f"{genre}|{prefixe.replace('|', '')}"
    for brute, _ in etat.searcher.terms_with_prefix(LEXIQUE, debut, filter_query=visible, limit=FORMES_MAX):
        _, pliee, montree = brute.split("|", 2)
        yield Forme(pliee, montree)


def _tous(*requetes: Query) -> Query:
    return requetes[0] if len(requetes) == 1 else Query.boolean_query([(Occur.Must, r) for r in requetes])


def _propre(valeur: str) -> str:
    """Sans demi-caractère (une adresse ou un terminal peut en porter) : le moteur ne lit que de l'UTF-8."""
    return valeur.encode("utf-8", "ignore").decode()


def _en_json(valeur: Any) -> Any:
    """Telle qu'elle reviendra du fichier : des listes, pas des n-uplets."""
    return json.loads(json.dumps(valeur))
