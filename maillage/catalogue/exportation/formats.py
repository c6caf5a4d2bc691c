"""Quatre formats de fichier pour une même suite de lignes, sans jamais tout garder en mémoire.

Dans un tableur, un texte qui commence comme une formule est précédé d'une apostrophe : ouvrir un fichier ne
doit rien exécuter. Le JSON, lui, rend le texte exact.
"""

import csv
import io
import re
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import IO, Any

import xlsxwriter
from django.core.serializers.json import DjangoJSONEncoder

Ligne = Mapping[str, Any]


class _Encodeur(DjangoJSONEncoder):
    """Les montants sortent en nombres, pas en textes."""

    def default(self, o: Any) -> Any:
        if isinstance(o, Decimal):
            return int(o) if o == o.to_integral_value() else float(o)
        return super().default(o)


TYPES = {
    "json": "application/json; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}
FORMATS = tuple(TYPES)
SEPARATEUR_DE_LISTE = " | "
CELLULE_MAX = 32_767
"""Limite des tableurs. Un texte plus long y est coupé, et la cellule le dit."""
COUPURE = " … (texte coupé ici ; il est entier dans l’export JSON)"
_FORMULE = ("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠")
_HORS_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MORCEAU = 64 * 1024


def ecrire(lignes: Iterable[Ligne], colonnes: Sequence[str], format: str, *, titre: str) -> Iterator[bytes]:
    """Le fichier, morceau par morceau. Lève `ValueError` pour un format inconnu."""
    ecrivains = {"json": _json, "csv": _csv, "xlsx": _xlsx, "ods": _ods}
    if format not in ecrivains:
        raise ValueError(f"Format inconnu : {format}. Choisissez parmi {', '.join(FORMATS)}.")
    return ecrivains[format](lignes, colonnes, titre)


def cellule(valeur: Any) -> str | Decimal | int:
    """Une valeur telle qu'un tableur la montre : un nombre, ou un texte sans danger."""
    if valeur is None:
        return ""
    if isinstance(valeur, int | Decimal):
        return valeur
    if isinstance(valeur, datetime):
        return valeur.isoformat(timespec="seconds")
    if isinstance(valeur, date):
        return valeur.isoformat()
    if isinstance(valeur, list):
        valeur = SEPARATEUR_DE_LISTE.join(map(_element, valeur))
    texte = str(valeur)
    if texte.startswith(_FORMULE):
        texte = f"'{texte}"
    if len(texte) > CELLULE_MAX:
        texte = texte[: CELLULE_MAX - len(COUPURE)] + COUPURE
    return texte


def _element(element: Any) -> str:
    """« Caf (4200) », ou « page.txt, 3 » : un objet d'une liste en quelques mots."""
    if not isinstance(element, dict):
        return str(element)
    mots = [
        SEPARATEUR_DE_LISTE.join(map(str, mot)) if isinstance(mot, list) else str(mot)
        for mot in element.values()
    ]
    return ", ".join(mot for mot in mots if mot not in ("", "None"))


def _json(lignes: Iterable[Ligne], colonnes: Sequence[str], titre: str) -> Iterator[bytes]:
    encodeur = _Encodeur(ensure_ascii=False, separators=(", ", ": "))
    debut = "["
    for ligne in lignes:
        yield f"{debut}\n{encodeur.encode({cle: ligne[cle] for cle in colonnes})}".encode()
        debut = ","
    yield b"[]\n" if debut == "[" else b"\n]\n"


def _csv(lignes: Iterable[Ligne], colonnes: Sequence[str], titre: str) -> Iterator[bytes]:
    """Point-virgule et marque d'ordre : un tableur français l'ouvre d'un double clic."""
    tampon = io.StringIO(newline="")
    sortie = csv.writer(tampon, delimiter=";", lineterminator="\r\n")
    yield b"\xef\xbb\xbf"
    sortie.writerow(colonnes)
    for ligne in lignes:
        sortie.writerow([cellule(ligne[cle]) for cle in colonnes])
        if tampon.tell() > _MORCEAU:
            yield _vider(tampon)
    yield _vider(tampon)


def _vider(tampon: io.StringIO) -> bytes:
    octets = tampon.getvalue().encode()
    tampon.seek(0)
    tampon.truncate()
    return octets


@contextmanager
def _fichier_de_passage() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="maillage-export-") as dossier:
        yield Path(dossier) / "export"


def _morceaux(fichier: IO[bytes]) -> Iterator[bytes]:
    while morceau := fichier.read(_MORCEAU):
        yield morceau


def _xlsx(lignes: Iterable[Ligne], colonnes: Sequence[str], titre: str) -> Iterator[bytes]:
    with _fichier_de_passage() as chemin:
        classeur = xlsxwriter.Workbook(
            str(chemin), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        feuille = classeur.add_worksheet(titre)
        feuille.freeze_panes(1, 0)
        feuille.set_column(0, len(colonnes) - 1, 24)
        entete = classeur.add_format({"bold": True})
        for rang, cle in enumerate(colonnes):
            feuille.write_string(0, rang, cle, entete)
        for numero, ligne in enumerate(lignes, start=1):
            for rang, cle in enumerate(colonnes):
                valeur = cellule(ligne[cle])
                if isinstance(valeur, str):
                    feuille.write_string(numero, rang, valeur)
                else:
                    feuille.write_number(numero, rang, valeur)
        classeur.close()
        with chemin.open("rb") as fichier:
            yield from _morceaux(fichier)


# --- OpenDocument : un zip de deux pages XML, écrites au fil des lignes ------------------------------
_MANIFESTE = """<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">
<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
</manifest:manifest>"""
_OUVERTURE = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">
<office:body><office:spreadsheet><table:table table:name="{titre}"><table:table-column/>
"""
_FERMETURE = "</table:table></office:spreadsheet></office:body></office:document-content>"
_ESPACES = re.compile("  +|^ | $", re.MULTILINE)


def _ods(lignes: Iterable[Ligne], colonnes: Sequence[str], titre: str) -> Iterator[bytes]:
    with _fichier_de_passage() as chemin:
        with zipfile.ZipFile(chemin, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(zipfile.ZipInfo("mimetype"), TYPES["ods"], zipfile.ZIP_STORED)
            archive.writestr("META-INF/manifest.xml", _MANIFESTE)
            with archive.open("content.xml", "w", force_zip64=True) as contenu:
                contenu.write(_OUVERTURE.format(titre=escape(titre)).encode())
                contenu.write(_ligne_ods(colonnes).encode())
                for ligne in lignes:
                    contenu.write(_ligne_ods([cellule(ligne[cle]) for cle in colonnes]).encode())
                contenu.write(_FERMETURE.encode())
        with chemin.open("rb") as fichier:
            yield from _morceaux(fichier)


def _ligne_ods(valeurs: Iterable[str | Decimal | int]) -> str:
    return f"<table:table-row>{''.join(map(_cellule_ods, valeurs))}</table:table-row>\n"


def _cellule_ods(valeur: str | Decimal | int) -> str:
    if not isinstance(valeur, str):
        return (
            f'<table:table-cell office:value-type="float" office:value="{valeur}">'
            f"<text:p>{valeur}</text:p></table:table-cell>"
        )
    if not valeur:
        return "<table:table-cell/>"
    paragraphes = "".join(f"<text:p>{_texte_ods(ligne)}</text:p>" for ligne in valeur.split("\n"))
    return f'<table:table-cell office:value-type="string">{paragraphes}</table:table-cell>'


def _texte_ods(texte: str) -> str:
    """OpenDocument réunit les espaces qui se suivent : ils s'écrivent donc avec leur nombre."""
    propre = escape(_HORS_XML.sub("\N{REPLACEMENT CHARACTER}", texte), quote=False)
    avec_espaces = _ESPACES.sub(lambda trouve: f'<text:s text:c="{len(trouve[0])}"/>', propre)
    return avec_espaces.replace("\t", "<text:tab/>").replace("\r", "")
