"""L'index tel qu'un lecteur le voit à un instant : de quoi l'interroger, sans rien savoir des questions."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import tantivy
from tantivy import Occur, Query

from maillage.core.recherche.index import IndexIndisponible
from maillage.core.recherche.redaction import LEXIQUE
from maillage.core.recherche.reparation import Forme

FORMES_MAX: Final = 2_000


class Etat(NamedTuple):
    searcher: Any  # les types livrés avec tantivy oublient `SearchResult.count`
    schema: tantivy.Schema

    def ids(self, hits: Sequence[tuple[Any, tantivy.DocAddress]]) -> list[int]:
        return self.searcher.fast_field_values("id", [adresse for _, adresse in hits]) if hits else []

    def terme(self, champ: str, valeur: str) -> Query:
        return Query.term_query(self.schema, champ, valeur)

    def parmi(self, champ: str, valeurs: Sequence[str]) -> Query:
        """L'une de ces valeurs, sans effet sur la note."""
        une = Query.boolean_query([(Occur.Should, self.terme(champ, propre(valeur))) for valeur in valeurs])
        return Query.const_score_query(une, 0.0)

    def formes(self, genre: str, prefixe: str, visible: Query | None = None) -> Iterator[Forme]:
        """Mots ou valeurs du lexique qui commencent ainsi (prefixe replié)."""
        debut = f"{genre}|{prefixe.replace('|', '')}"
        trouvees = self.searcher.terms_with_prefix(LEXIQUE, debut, filter_query=visible, limit=FORMES_MAX)
        for brute, _ in trouvees:
            _, pliee, montree = brute.split("|", 2)
            yield Forme(pliee, montree)


def ouvrir(version: Path) -> tantivy.Index:
    try:
        return tantivy.Index.open(str(version))
    except ValueError as panne:
        raise IndexIndisponible("L'index de recherche est illisible. Lancez reconstruire_index.") from panne


def toutes(*requetes: Query) -> Query:
    return requetes[0] if len(requetes) == 1 else Query.boolean_query([(Occur.Must, r) for r in requetes])


def une_de(requetes: Sequence[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, requete) for requete in requetes])


def propre(valeur: str) -> str:
    """Sans demi-caractère (une adresse ou un terminal peut en porter) : le moteur ne lit que de l'UTF-8."""
    return valeur.encode("utf-8", "ignore").decode()
