"""Rendre un projet en fichier. `exporter(projet, "docx")` donne ses octets ; `FORMATS`, les formats et leur type.

`objet` : l'objet d'échange. `document` : ce qui se lit. `tableur` : ce qui se compte.
"""

import json
from collections.abc import Callable
from typing import Final

from django.template.loader import render_to_string

from maillage.core.documents.docx import rendre_docx
from maillage.core.documents.html import rendre_html
from maillage.core.documents.pdf import rendre_pdf
from maillage.core.documents.telechargement import RENDUS
from maillage.projets.exportation.document import document_du_projet
from maillage.projets.exportation.objet import objet_du_projet
from maillage.projets.exportation.tableur import classeur_du_projet
from maillage.projets.models import ProjetSocial

__all__ = ["FORMATS", "exporter"]


def _json(projet: ProjetSocial) -> bytes:
    return (json.dumps(objet_du_projet(projet), ensure_ascii=False, indent=1) + "\n").encode()


def _html(projet: ProjetSocial) -> bytes:
    """Une page qui se suffit : elle s'ouvre d'un double clic, sans réseau."""
    document = document_du_projet(projet)
    return render_to_string(
        "projets/document.html", {"document": rendre_html(document), "projet": projet}
    ).encode()


FORMATS: Final[dict[str, tuple[Callable[[ProjetSocial], bytes], str]]] = {
    "json": (_json, "application/json; charset=utf-8"),
    "docx": (lambda projet: rendre_docx(document_du_projet(projet)), RENDUS["docx"][1]),
    "pdf": (lambda projet: rendre_pdf(document_du_projet(projet)), RENDUS["pdf"][1]),
    "html": (_html, "text/html; charset=utf-8"),
    "xlsx": (classeur_du_projet, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
"""Extension → fonction qui rend le fichier, et type de contenu."""


def exporter(projet: ProjetSocial, format: str) -> bytes:
    """Le fichier entier. Lève `KeyError` pour un format inconnu."""
    return FORMATS[format][0](projet)
