"""Du fichier reçu au texte : ce qui n'est pas un texte lisible est refusé ici, avec la ligne fautive."""

import os
import re
from pathlib import Path
from typing import BinaryIO

TAILLE_MAX = 20 * 1024 * 1024

_SIGNATURES = (
    (b"%PDF", "un PDF"),
    (b"PK\x03\x04", "un document Word, un tableur ou une archive"),
    (b"\xd0\xcf\x11\xe0", "un document Office ancien"),
    (b"\x89PNG", "une image"),
    (b"\xff\xd8\xff", "une image"),
    (b"GIF8", "une image"),
    (b"\x1f\x8b", "une archive"),
)
_CONTROLE = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_BON_ENREGISTREMENT = (
    "Ouvrez la page du catalogue, copiez tout son texte dans un éditeur, "
    "et enregistrez-le en « texte brut », encodage UTF-8."
)


class DocumentIllisible(Exception):
    """Le document entier est refusé, rien n'en est écrit. `ligne` : où, à partir de 1, si cela a un sens."""

    def __init__(self, message: str, ligne: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.ligne = ligne

    def __str__(self) -> str:
        return f"Ligne {self.ligne} : {self.message}" if self.ligne else self.message


def lire_fichier(source: Path | BinaryIO, *, taille_max: int = TAILLE_MAX) -> str:
    """Le texte d'un fichier. Un fichier trop lourd est refusé sans être lu.

    Lève `DocumentIllisible` ; `OSError` si le chemin ne s'ouvre pas.
    """
    if isinstance(source, Path):
        with source.open("rb") as flux:
            return lire_fichier(flux, taille_max=taille_max)
    taille = _taille(source)
    octets = b"" if taille is not None and taille > taille_max else source.read(taille_max + 1)
    if len(octets) > taille_max or (taille is not None and taille > taille_max):
        raise DocumentIllisible(
            f"Le fichier dépasse {taille_max // (1024 * 1024)} Mo. Une page du catalogue en fait moins d'un. "
            "Vérifiez le fichier, ou importez-le en plusieurs morceaux."
        )
    return decoder(octets)


def decoder(octets: bytes) -> str:
    """Le texte, lignes séparées par « \\n », sans marque d'ordre.

    Seul l'UTF-8 est lu. Un autre encodage se devinerait sur une page donnée, mais une devinette fausse change
    des lettres en silence (« é » et « È » selon la machine) : nous refusons en disant quoi faire.
    Lève `DocumentIllisible`.
    """
    for signature, nature in _SIGNATURES:
        if octets.startswith(signature):
            raise DocumentIllisible(f"Ce fichier est {nature}, pas un texte. {_BON_ENREGISTREMENT}", 1)
    if octets.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DocumentIllisible(f"Ce fichier est en UTF-16. {_BON_ENREGISTREMENT}", 1)
    binaire = _CONTROLE.search(octets)
    if binaire:
        raise DocumentIllisible(
            f"Ce fichier n'est pas un texte : il contient des octets de programme ou d'image. "
            f"{_BON_ENREGISTREMENT}",
            _ligne(octets, binaire.start()),
        )
    try:
        texte = octets.decode("utf-8-sig")
    except UnicodeDecodeError as faute:
        ligne = _ligne(octets, faute.start)
        if faute.reason == "unexpected end of data":
            raise DocumentIllisible(
                "Le fichier est tronqué : il s'arrête au milieu d'une lettre. Copiez la page de nouveau.",
                ligne,
            ) from None
        raise DocumentIllisible(
            f"L'encodage n'est pas l'UTF-8 (octet {octets[faute.start]:#04x}, sans doute un texte Windows). "
            f"{_BON_ENREGISTREMENT}",
            ligne,
        ) from None
    if not texte.strip():  # une marque d'ordre ou des espaces insécables seuls ne sont pas un texte
        raise DocumentIllisible(f"Le fichier est vide. {_BON_ENREGISTREMENT}")
    texte = texte.replace("\r\n", "\n")
    return texte if "\n" in texte else texte.replace("\r", "\n")


def _taille(flux: BinaryIO) -> int | None:
    """Taille annoncée d'un fichier ouvert ou téléversé ; rien quand la longueur n'est pas connue."""
    annoncee = getattr(flux, "size", None)
    if isinstance(annoncee, int):
        return annoncee
    try:
        return os.fstat(flux.fileno()).st_size or None
    except (OSError, AttributeError):
        return None


def _ligne(octets: bytes, position: int) -> int:
    return octets.count(b"\n", 0, position) + 1
