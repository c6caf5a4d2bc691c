"""Fichiers bureautiques reçus : Word, Excel, LibreOffice. Contrôlés sans être ouverts ; un programme est refusé."""

import zipfile
from io import BytesIO
from typing import Final

DEPLIES_MAX: Final = 100 * 1024 * 1024
ENTREES_MAX: Final = 5_000
TETE: Final = b"PK\x03\x04"
ANCIEN: Final = b"\xd0\xcf\x11\xe0"
OUVERTS: Final = {
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.presentation": "odp",
}
OFFICE: Final = {
    "word/document.xml": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xl/workbook.xml": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ppt/presentation.xml": (
        "pptx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
}
ENREGISTRER: Final = "Enregistrez-le en PDF, puis joignez-le."


class BureautiqueRefusee(ValueError):
    """Le fichier ne peut pas être pris ; le message dit pourquoi et quoi faire."""


def est_bureautique(contenu: bytes) -> bool:
    """D'après les premiers octets, jamais d'après le nom."""
    return contenu.startswith((TETE, ANCIEN))


def verifier_bureautique(contenu: bytes) -> tuple[str, str]:
    """L'extension et le type. Lève `BureautiqueRefusee`."""
    if contenu.startswith(ANCIEN):
        raise BureautiqueRefusee(f"Ce fichier est d’un format ancien, ou protégé. {ENREGISTRER}")
    try:
        with zipfile.ZipFile(BytesIO(contenu)) as archive:
            return _reconnaitre(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as faute:
        raise BureautiqueRefusee(f"Ce fichier est abîmé ou protégé. {ENREGISTRER}") from faute


def _reconnaitre(archive: zipfile.ZipFile) -> tuple[str, str]:
    entrees = archive.infolist()
    noms = {entree.filename for entree in entrees}
    if len(entrees) > ENTREES_MAX or sum(entree.file_size for entree in entrees) > DEPLIES_MAX:
        raise BureautiqueRefusee(f"Ce fichier est trop gros une fois déplié. {ENREGISTRER}")
    if any(entree.flag_bits & 1 for entree in entrees):
        raise BureautiqueRefusee(
            "Ce fichier est protégé par un mot de passe. Joignez-en une copie sans protection."
        )
    if any(_est_un_programme(nom.lower()) for nom in noms):
        raise BureautiqueRefusee(
            f"Ce fichier contient un programme (une macro) ou d’autres fichiers. {ENREGISTRER}"
        )
    for nom, (extension, genre) in OFFICE.items():
        if nom in noms and "[Content_Types].xml" in noms:
            return extension, genre
    genre = archive.read("mimetype")[:200].decode("ascii", "replace").strip() if "mimetype" in noms else ""
    if genre in OUVERTS:
        return OUVERTS[genre], genre
    raise BureautiqueRefusee(f"Ce fichier est une archive, ou d’un format qui n’est pas pris. {ENREGISTRER}")


def _est_un_programme(nom: str) -> bool:
    return (
        nom.endswith(("vbaproject.bin", ".exe", ".dll", ".js", ".vbs", ".bat", ".jar", ".ps1"))
        or nom.startswith(("basic/", "scripts/"))
        or "/activex/" in nom
        or ("/embeddings/" in nom and not nom.endswith((".xlsx", ".docx", ".pptx")))
    )
