"""L'index tantivy : le port `IndexRecherche` sur un dossier local.

Les processus web lisent et rechargent au plus une fois par seconde ; seul qui tient le verrou écrit.
"""

import json
import re
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import Any, Final

import tantivy
from tantivy import Order, Query

from maillage.core.recherche import ressemblance, voisinage
from maillage.core.recherche.analyse import VERSION_ANALYSE, analyser, mots, raciner, replier
from maillage.core.recherche.dossier import DossierIndex
from maillage.core.recherche.ecriture import EcrivainTantivy, construire
from maillage.core.recherche.etat import Etat, ouvrir, toutes
from maillage.core.recherche.index import (
    Correction,
    Document,
    IndexIndisponible,
    Question,
    Reponse,
    Ressemblant,
    Schema,
    Suggestions,
)
from maillage.core.recherche.redaction import (
    FACETTE,
    GENRE_MOT,
    TEXTE,
    TRI,
    TRI_TITRE,
    VISIBILITE,
    DocumentAnalyse,
    Redacteur,
    schema_tantivy,
)
from maillage.core.recherche.reparation import Forme, reparer
from maillage.core.recherche.requete import ASSEZ, Lecture, Ponderation
from maillage.core.recherche.synonymes import Dictionnaire

RECHARGE_S: Final = 1.0
A_RECLASSER: Final = 100
"""Réponses reclassées finement ; les suivantes gardent l'ordre du premier calcul."""
VALEURS_MAX: Final = 10_000
"""Plus qu'aucune facette n'a de valeurs : les nombres sont exacts."""
LONGUEUR_QUESTION: Final = 2_000
NOMBRE_PROCHES: Final = 5


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
                self._index = self._rouvrir()
                self._lu_a = maintenant
            return Etat(self._index.searcher(), self._index.schema)

    def _rouvrir(self) -> tantivy.Index:
        """Une reconstruction peut effacer une version pendant qu'on l'ouvre : on prend alors la nouvelle."""
        while True:
            version = self._dossier.version_courante()
            try:
                if self._index is not None and version == self._version:
                    self._index.reload()
                    return self._index
                index = ouvrir(version)
                self._version = version
                return index
            except (ValueError, IndexIndisponible):
                if self._dossier.version_courante() == version:
                    raise

    def chercher(self, question: Question, dictionnaire: Dictionnaire | None = None) -> Reponse:
        """`dictionnaire` : un autre que celui du moment, pour essayer une modification."""
        etat = self._lire()
        texte = question.texte[:LONGUEUR_QUESTION]
        lecture, correction, ignores = self._lecture(
            etat, texte, dictionnaire or self._dictionnaire(), question.corrige
        )
        visible = etat.parmi(VISIBILITE, list(question.visibilites))
        filtres = self._filtres(etat, question)
        fin = max(A_RECLASSER, question.depart + question.nombre)
        ensemble, trouve = self._ensemble(etat, lecture, visible, fin)
        if ensemble is None:
            return Reponse(
                ids=[],
                scores=[],
                total=0,
                facettes={nom: {} for nom in question.facettes},
                correction=correction,
                ignores=ignores,
                proches=tuple(voisinage.faute_de_mieux(etat, ignores, visible, NOMBRE_PROCHES)),
            )
        base = toutes(ensemble, visible)
        champ, ordre = self._tri(question.tri, lecture)
        if champ:
            ids, scores, total = self._page_rangee(
                etat, toutes(base, *filtres.values()), question, champ, ordre
            )
        else:
            if filtres or trouve is None:
                trouve = etat.searcher.search(toutes(base, *filtres.values()), limit=fin)
            ids, scores, total = self._page(etat, lecture, trouve, question)
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
        self, etat: Etat, texte: str, dictionnaire: Dictionnaire, corrige: bool
    ) -> tuple[Lecture, Correction | None, tuple[str, ...]]:
        """Lit la question ; un mot que ni l'index ni les synonymes ne connaissent est réparé, ou ignoré."""

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
                repare = re.sub(rf"(?<!\w){re.escape(mot)}(?!\w)", autre, repare)
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
            formes=lambda prefixe: etat.formes(GENRE_MOT, prefixe),
            frequence=lambda montree: etat.searcher.doc_freq(TEXTE, raciner(replier(montree))),
            ailleurs=(Forme(pliee, montree) for pliee, montree in dictionnaire.mots.items()),
        )

    def _ensemble(
        self, etat: Etat, lecture: Lecture, visible: Query, nombre: int
    ) -> tuple[Query | None, Any]:
        """Les fiches qui répondent au texte, et les `nombre` premières trouvées.

        Les filtres n'y changent rien : une facette qui annonce 3 fiches en montre 3.
        """
        if lecture.est_vide:
            return Query.all_query(), None
        retenu: tuple[Query | None, Any] = (None, None)
        for ensemble in lecture.ensembles():
            trouve = etat.searcher.search(toutes(ensemble, visible), limit=nombre)
            if trouve.count:
                retenu = ensemble, trouve
            if trouve.count >= ASSEZ:
                break
        return retenu

    def _filtres(self, etat: Etat, question: Question) -> dict[str, Query]:
        return {
            cle: etat.parmi(FACETTE + cle, list(valeurs))
            for cle, valeurs in question.filtres.items()
            if cle in self._schema.facettes and valeurs
        }

    def _page(
        self, etat: Etat, lecture: Lecture, trouve: Any, question: Question
    ) -> tuple[list[int], list[float], int]:
        """Identifiants et notes de la page demandée, par pertinence, et le nombre total."""
        ids, notes = etat.ids(trouve.hits), [float(note) for note, _ in trouve.hits]
        if question.depart < A_RECLASSER:
            tete, notes_tete = self._reclasser(etat, lecture, ids[:A_RECLASSER])
            ids, notes = tete + ids[A_RECLASSER:], notes_tete + [0.0] * len(ids[A_RECLASSER:])
        page = slice(question.depart, question.depart + question.nombre)
        return ids[page], notes[page], trouve.count

    @staticmethod
    def _page_rangee(
        etat: Etat, requete: Query, question: Question, champ: str, ordre: Order
    ) -> tuple[list[int], list[float], int]:
        """La même, rangée par un champ : aucune note."""
        trouve = etat.searcher.search(
            requete,
            limit=max(1, question.nombre),
            offset=question.depart,
            order_by_field=champ,
            order=ordre,
        )
        ids = etat.ids(trouve.hits)[: question.nombre]
        return ids, [0.0] * len(ids), trouve.count

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
        trouve = etat.searcher.search(lecture.classement(ids), limit=len(ids), count=False)
        return etat.ids(trouve.hits), [float(note) for note, _ in trouve.hits]

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
            comptees |= self._compter(etat, toutes(base, *actifs), noms)
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
        ids, _ = self._reclasser(etat, lecture, etat.ids(trouve.hits))
        return tuple(ids[:NOMBRE_PROCHES])

    def suggerer(self, debut: str, visibilites: Collection[str], nombre: int = 8) -> Suggestions:
        etat = self._lire()
        visible = etat.parmi(VISIBILITE, list(visibilites))
        return voisinage.suggerer(etat, debut[:LONGUEUR_QUESTION], visible, nombre)

    def ressemblants(self, id: int, visibilites: Collection[str]) -> list[Ressemblant]:
        etat = self._lire()
        visible = etat.parmi(VISIBILITE, list(visibilites))
        return ressemblance.ressemblants(
            etat, self._dictionnaire(), self._schema.marquage.facettes, id, visible
        )

    def ressemblants_a(self, document: Document, visibilites: Collection[str]) -> list[Ressemblant]:
        """Ceux qui ressemblent à un document qui n'est pas dans l'index."""
        etat = self._lire()
        return ressemblance.proches_de(
            etat,
            self._dictionnaire(),
            self._schema.marquage.facettes,
            Redacteur(self._schema).marquer(document),
            etat.parmi(VISIBILITE, list(visibilites)),
        )

    # --- Écrire ---

    @contextmanager
    def ecrire(self) -> Iterator["EcrivainTantivy"]:
        with self._dossier.verrouiller():
            index = ouvrir(self._dossier.version_courante())
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
        with self._dossier.verrouiller(), self._dossier.nouvelle_version() as version:
            nombre = construire(tantivy.Index(schema_tantivy(self._schema), path=str(version)), analyses)
        self._lu_a = float("-inf")
        return nombre


def _en_json(valeur: Any) -> Any:
    """Telle qu'elle reviendra du fichier : des listes, pas des n-uplets."""
    return json.loads(json.dumps(valeur))
