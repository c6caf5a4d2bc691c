"""Les notes de bas de page et de fin d'un document Word : leur texte est rangé à part du document."""

from collections.abc import Iterator
from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import qn

_GENRES = {"footnote": "footnotes", "endnote": "endnotes"}


class Notes:
    """Les notes d'un document, dans l'ordre où ses paragraphes les appellent. Chacune ne se lit qu'une fois."""

    def __init__(self, document: Any) -> None:
        self.notes: dict[tuple[str, str], Any] = {}
        for genre, partie in _GENRES.items():
            for relation in document.part.rels.values():
                if not relation.is_external and relation.reltype.endswith(f"/{partie}"):
                    for note in parse_xml(relation.target_part.blob).findall(qn(f"w:{genre}")):
                        self.notes[genre, note.get(qn("w:id"))] = note

    def appelees(self, element: Any) -> Iterator[Any]:
        """Les notes que ce paragraphe ou ce rang appelle."""
        for appel in element.iter(*(qn(f"w:{genre}Reference") for genre in _GENRES)):
            genre = "footnote" if appel.tag == qn("w:footnoteReference") else "endnote"
            note = self.notes.pop((genre, appel.get(qn("w:id"))), None)
            if note is not None:
                yield note
