"""Répondre par un fichier à télécharger, sous un nom que l'on reconnaît dans un dossier."""

import re
from collections.abc import Callable
from typing import Final

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from maillage.core.documents.description import Document
from maillage.core.documents.docx import rendre_docx
from maillage.core.documents.pdf import rendre_pdf
from maillage.core.documents.texte import texte_propre

RENDUS: Final[dict[str, tuple[Callable[[Document], bytes], str]]] = {
    "pdf": (rendre_pdf, "application/pdf"),
    "docx": (rendre_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
}
"""Extension → fonction qui rend le fichier, et type de contenu."""

LONGUEUR_DE_NOM = 80
_REFUSES = re.compile(r'[\\/:*?"<>|\n]+')  # ce que Windows, le plus sévère, n'admet pas
_RESERVES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def nom_de_fichier(titre: str, extension: str) -> str:
    """« Le café des clics, un voisin.pdf » : accents gardés, signes refusés par un système ôtés."""
    nom = " ".join(_REFUSES.sub(" ", texte_propre(titre)).split())
    if len(nom) > LONGUEUR_DE_NOM:
        nom = nom[: LONGUEUR_DE_NOM + 1].rsplit(" ", 1)[0][:LONGUEUR_DE_NOM]
    nom = nom.strip(" .,-–")
    if not nom or _RESERVES.fullmatch(nom):
        nom = f"document {nom}".strip()
    return f"{nom}.{extension}"


def piece_jointe(contenu: bytes, nom: str, type_de_contenu: str) -> HttpResponse:
    """Un fichier que le navigateur enregistre, sans deviner son type."""
    entetes = {
        "Content-Disposition": content_disposition_header(True, nom) or "attachment",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(contenu, content_type=type_de_contenu, headers=entetes)


def telecharger(document: Document, extension: str) -> HttpResponse:
    """Le document rendu en « pdf » ou en « docx ». Lève `KeyError` pour une autre extension."""
    rendre, type_de_contenu = RENDUS[extension]
    return piece_jointe(rendre(document), nom_de_fichier(document.titre, extension), type_de_contenu)
