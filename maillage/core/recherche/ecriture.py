"""Écrire dans un index ouvert. Qui écrit tient déjà le verrou du dossier."""

from collections.abc import Iterable
from typing import Final

import tantivy
from tantivy import Query

from maillage.core.recherche.index import Document, Schema
from maillage.core.recherche.redaction import LEXIQUE, DocumentAnalyse, Redacteur

MEMOIRE_ECRITURE: Final = 64_000_000
MEMOIRE_CONSTRUCTION: Final = 192_000_000


class EcrivainTantivy:
    """Quelques documents à remplacer ou à retirer ; rien n'est visible avant `valider`."""

    def __init__(self, index: tantivy.Index, schema: Schema) -> None:
        searcher = index.searcher()
        self._schema = index.schema
        self._writer = index.writer(MEMOIRE_ECRITURE, 1)
        self._redacteur = Redacteur(schema, lambda forme: searcher.doc_freq(LEXIQUE, forme))

    def indexer(self, documents: Iterable[Document]) -> None:
        for document in documents:
            self.retirer([document.id])
            self._writer.add_document(self._redacteur.analyser(document).en_tantivy())

    def retirer(self, ids: Iterable[int]) -> None:
        for identifiant in ids:
            # Par une requête : l'effacement « par terme » du moteur ne reconnaît pas un entier sans signe.
            self._writer.delete_documents_by_query(Query.term_query(self._schema, "id", identifiant))

    def valider(self) -> None:
        self._writer.commit()
        self._writer.wait_merging_threads()

    def abandonner(self) -> None:
        self._writer.rollback()
        self._writer.wait_merging_threads()


def construire(index: tantivy.Index, analyses: Iterable[DocumentAnalyse]) -> int:
    """Remplit un index neuf et rend le nombre de documents."""
    nombre = 0
    writer = index.writer(MEMOIRE_CONSTRUCTION, 1)
    try:
        for nombre, analyse in enumerate(analyses, start=1):  # noqa: B007 — le dernier rang est le nombre
            writer.add_document(analyse.en_tantivy())
        writer.commit()
    finally:
        writer.wait_merging_threads()  # plus rien n'écrit dans le dossier, que l'appelant peut vouloir effacer
    return nombre
