"""Du fichier reçu aux blocs. Ce qui n'est pas lisible est refusé ici, en disant quoi faire."""

import re

from maillage.projets.importation.balises import lire_la_page
from maillage.projets.importation.blocs import Bloc
from maillage.projets.importation.erreurs import DocumentIllisible
from maillage.projets.importation.texte import lire_le_texte
from maillage.projets.importation.word import est_un_zip, lire_le_word

TAILLE_MAX = 20 * 1024 * 1024
_SIGNATURES = (
    (b"%PDF", "un PDF"),
    (b"\xd0\xcf\x11\xe0", "un document Word ancien (.doc)"),
    (b"{\\rtf", "un document RTF"),
    (b"\x89PNG", "une image"),
    (b"\xff\xd8\xff", "une image"),
    (b"GIF8", "une image"),
    (b"\x1f\x8b", "une archive"),
)
_CONTROLE = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_PAGE = re.compile(r"<(?:!doctype html|html|body|head|table|h[1-6])\b", re.IGNORECASE)
_FORMATS_LUS = (
    "Enregistrez le document au format Word (.docx), HTML ou texte UTF-8, puis déposez-le de nouveau."
)


def lire_les_blocs(contenu: bytes, nom: str) -> list[Bloc]:
    """Les blocs d'un document Word, HTML ou texte : le contenu décide, le nom départage texte et HTML.

    Lève `DocumentIllisible`.
    """
    if len(contenu) > TAILLE_MAX:
        raise DocumentIllisible(
            f"Le fichier dépasse {TAILLE_MAX // (1024 * 1024)} Mo. Retirez les images du document, "
            "ou déposez-le en plusieurs parties."
        )
    if est_un_zip(contenu):
        return lire_le_word(contenu)
    texte = _decoder(contenu)
    est_une_page = nom.lower().endswith((".html", ".htm", ".xhtml")) or _PAGE.search(texte.lstrip()[:200])
    blocs = lire_la_page(texte) if est_une_page else lire_le_texte(texte)
    if not blocs:
        raise DocumentIllisible(f"Le document ne contient aucun texte. {_FORMATS_LUS}")
    return blocs


def _decoder(octets: bytes) -> str:
    """Le texte, lignes séparées par « \\n ». Un encodage ne se devine pas : seul l'UTF-8 est lu (ADR 0011)."""
    for signature, nature in _SIGNATURES:
        if octets.startswith(signature):
            raise DocumentIllisible(f"Ce fichier est {nature}. {_FORMATS_LUS}")
    if octets.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DocumentIllisible(f"Ce fichier est en UTF-16. {_FORMATS_LUS}")
    binaire = _CONTROLE.search(octets)
    if binaire:
        raise DocumentIllisible(
            f"Ce fichier n'est pas un texte : il contient des octets de programme ou d'image. {_FORMATS_LUS}",
            octets.count(b"\n", 0, binaire.start()) + 1,
        )
    try:
        texte = octets.decode("utf-8-sig")
    except UnicodeDecodeError as faute:
        raise DocumentIllisible(
            f"L'encodage n'est pas l'UTF-8 (sans doute un texte Windows). {_FORMATS_LUS}",
            octets.count(b"\n", 0, faute.start) + 1,
        ) from None
    if not texte.strip():
        raise DocumentIllisible(f"Le fichier est vide. {_FORMATS_LUS}")
    return texte.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", " ").replace("\x0b", " ")
