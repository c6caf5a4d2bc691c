"""Des fichiers à joindre : ceux d'une personne, et ceux de quelqu'un qui veut du mal. Tous inventés."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject

from maillage.catalogue.models import Contribution, PieceJointe
from maillage.catalogue.operations.pieces import decrire_piece, joindre_piece, publier_pieces

LIEU = "48 deg N"
"""Ce qu'un appareil glisse dans une photo, et qui ne doit jamais en ressortir."""
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def photo(largeur: int = 800, hauteur: int = 600, format: str = "JPEG", couleur: str = "#0B6570") -> bytes:
    sortie = io.BytesIO()
    Image.new("RGB", (largeur, hauteur), couleur).save(sortie, format)
    return sortie.getvalue()


def photo_situee(orientation: int = 6) -> bytes:
    """Prise couchée, avec le lieu, l'appareil et un profil."""
    image = Image.new("RGB", (800, 600), "#0B6570")
    exif = image.getexif()
    exif[0x0112], exif[0x010F] = orientation, f"Appareil {LIEU}"
    exif.get_ifd(0x8825)[1] = LIEU
    sortie = io.BytesIO()
    image.save(sortie, "JPEG", exif=exif, icc_profile=f"profil {LIEU}".encode(), comment=LIEU.encode())
    assert LIEU.encode() in sortie.getvalue()
    return sortie.getvalue()


def photo_bavarde(largeur: int = 2400, hauteur: int = 1800) -> bytes:
    """Du bruit : ce qui se comprime le plus mal."""
    sortie = io.BytesIO()
    Image.effect_noise((largeur, hauteur), 80).convert("RGB").save(sortie, "JPEG", quality=80)
    return sortie.getvalue()


def gif_anime() -> bytes:
    sortie = io.BytesIO()
    images = [Image.new("RGB", (20, 20), couleur) for couleur in ("red", "blue")]
    images[0].save(sortie, "GIF", save_all=True, append_images=images[1:])
    return sortie.getvalue()


def png_de(largeur: int, hauteur: int) -> bytes:
    """Un PNG de quelques octets qui annonce cette taille."""

    def morceau(genre: bytes, contenu: bytes) -> bytes:
        return (
            struct.pack(">I", len(contenu)) + genre + contenu + struct.pack(">I", zlib.crc32(genre + contenu))
        )

    entete = struct.pack(">IIBBBBB", largeur, hauteur, 8, 2, 0, 0, 0)
    points = zlib.compress(b"\0" * 1_000_000)
    return b"\x89PNG\r\n\x1a\n" + morceau(b"IHDR", entete) + morceau(b"IDAT", points) + morceau(b"IEND", b"")


def pdf(pages: int = 2, modifier: Callable[[PdfWriter], object] | None = None) -> bytes:
    ecrivain = PdfWriter()
    for _ in range(pages):
        ecrivain.add_blank_page(200, 200)
    if modifier:
        modifier(ecrivain)
    sortie = io.BytesIO()
    ecrivain.write(sortie)
    return sortie.getvalue()


def pdf_qui_agit(action: str = "/JavaScript") -> bytes:
    def ajouter(ecrivain: PdfWriter) -> None:
        ecrivain._root_object[NameObject("/OpenAction")] = DictionaryObject(
            {NameObject("/S"): NameObject(action)}
        )

    return pdf(modifier=ajouter)


def pdf_compact(objet: bytes, *, filtre: bytes = b"/FlateDecode", deplie: bytes | None = None) -> bytes:
    """Un PDF dont cet objet est rangé dans un flux comprimé, comme le font les logiciels d'aujourd'hui."""
    flux = zlib.compress(b"7 0 " + objet if deplie is None else deplie)
    return (
        b"%PDF-1.5\n1 0 obj <</Type /Page>> endobj\n"
        b"2 0 obj <</Type /ObjStm /N 1 /First 4 /Filter " + filtre + b">>\nstream\n" + flux
        + b"\nendstream\nendobj\n%%EOF\n"
    )  # fmt: skip


def archive() -> bytes:
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w") as zip_:
        zip_.writestr("programme.exe", b"MZ" * 100)
    return sortie.getvalue()


def piece_publiee(contribution: Contribution, nom: str = "Marché.jpg", contenu: bytes = b"") -> PieceJointe:
    """Une pièce jointe, décrite et en ligne, par les actes d'une personne."""
    par = contribution.auteur
    assert par is not None
    piece = joindre_piece(contribution, nom, io.BytesIO(contenu or photo()), a_l_accord=True, par=par)
    decrire_piece(
        piece, contribution, texte_alternatif="Une table.", est_decorative=False, legende="", par=par
    )
    publier_pieces(contribution, par=par)
    piece.refresh_from_db()
    return piece
