"""PDF reçus : contrôlés sans être interprétés. On refuse ce qui agit, ce qui cache, ce qui ne se lit pas.

Le fichier est lu octet par octet : aucune bibliothèque n'en suit les renvois, qui peuvent tourner sans fin. Un PDF
range une partie de ses objets dans des flux comprimés : eux seuls sont dépliés, sous un plafond.
"""

import re
import zlib

OCTETS_MAX = 10 * 1024 * 1024
PAGES_MAX = 200
DEPLIES_MAX = 32 * 1024 * 1024
"""Octets dépliés, en tout : un fichier qui gonfle au-delà n'est pas un document ordinaire."""
FLUX_MAX, FLUX_D_OBJETS_MAX = 20_000, 2_000
"""Bien au-delà d'un document de 200 pages ; moins que ce qu'il faut pour occuper la machine."""
TETE, FIN, FIN_D_ARCHIVE = b"%PDF-", b"%%EOF", b"PK\x05\x06"
_CODE = re.compile(rb"#([0-9A-Fa-f]{2})")
_FLUX = re.compile(rb"(?<!end)stream\r?\n")
_NOM = rb"/%s(?![A-Za-z0-9])"
_PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z0-9])")
_D_OBJETS = re.compile(rb"/ObjStm(?![A-Za-z0-9])|/First(?![A-Za-z0-9])")
_FILTRE = re.compile(rb"/Filter\s*(\[?\s*/FlateDecode\s*\]?|\S+)")
_ACTIFS = re.compile(b"|".join(_NOM % nom for nom in (b"JavaScript", b"Launch", b"RichMedia", b"XFA")))
_CACHES = re.compile(b"|".join(_NOM % nom for nom in (b"EmbeddedFiles?", b"Collection")))
_CHIFFRE = re.compile(_NOM % b"Encrypt")

ENREGISTRER = "Enregistrez-le de nouveau en PDF depuis votre logiciel, puis joignez-le."


class PdfRefuse(ValueError):
    """Le PDF ne peut pas être pris ; le message dit pourquoi et quoi faire."""


def est_un_pdf(contenu: bytes) -> bool:
    return contenu.startswith(TETE)


def verifier_pdf(contenu: bytes) -> int:
    """Le nombre de pages lu. Lève `PdfRefuse`."""
    if len(contenu) > OCTETS_MAX:
        raise PdfRefuse("Ce PDF dépasse 10 Mo. Réduisez ses images, ou coupez-le en deux.")
    fin = contenu.rstrip(b"\x00\t\n\f\r ")
    if not est_un_pdf(contenu) or not fin.endswith(FIN):
        raise PdfRefuse(f"Ce PDF est incomplet, ou porte autre chose à sa suite. {ENREGISTRER}")
    if FIN_D_ARCHIVE in contenu[-70_000:]:
        raise PdfRefuse(f"Ce PDF est aussi une archive. {ENREGISTRER}")
    pages = 0
    for objets in (contenu, *_flux_d_objets(contenu)):
        noms = _CODE.sub(lambda code: bytes([int(code[1], 16)]), objets)
        if _CHIFFRE.search(noms):
            raise PdfRefuse("Ce PDF est protégé par un mot de passe. Joignez-en une copie sans protection.")
        if _ACTIFS.search(noms):
            raise PdfRefuse(f"Ce PDF contient un programme ou un formulaire actif. {ENREGISTRER}")
        if _CACHES.search(noms):
            raise PdfRefuse(f"Ce PDF contient d’autres fichiers. {ENREGISTRER}")
        pages += len(_PAGE.findall(noms))
    if not pages:
        raise PdfRefuse(f"Aucune page ne se lit dans ce PDF. {ENREGISTRER}")
    if pages > PAGES_MAX:
        raise PdfRefuse(f"Ce PDF a plus de {PAGES_MAX} pages. Joignez seulement la partie utile.")
    return pages


def _flux_d_objets(contenu: bytes) -> list[bytes]:
    """Les flux qui rangent des objets, dépliés. Lève `PdfRefuse` si l'un d'eux ne peut pas être lu."""
    deplies: list[bytes] = []
    reste, vue = DEPLIES_MAX, memoryview(contenu)
    for rang, debut in enumerate(_FLUX.finditer(contenu)):
        if rang > FLUX_MAX or len(deplies) > FLUX_D_OBJETS_MAX:
            raise PdfRefuse(f"Ce PDF est en trop de morceaux. {ENREGISTRER}")
        entete = contenu[max(0, debut.start() - 2_000) : debut.start()]
        entete = _CODE.sub(lambda code: bytes([int(code[1], 16)]), entete[entete.rfind(b" obj") :])
        if not _D_OBJETS.search(entete):
            continue
        filtre = _FILTRE.search(entete)
        if filtre is None:
            continue  # non comprimé : déjà lu avec le reste
        if b"FlateDecode" not in filtre[1]:
            raise PdfRefuse(f"Ce PDF est écrit d’une façon que Maillage ne sait pas contrôler. {ENREGISTRER}")
        try:
            deplie = zlib.decompressobj().decompress(vue[debut.end() :], reste)
        except zlib.error as faute:
            raise PdfRefuse(f"Ce PDF est abîmé. {ENREGISTRER}") from faute
        deplies.append(deplie)
        reste -= len(deplie)
        if reste <= 0:
            raise PdfRefuse(f"Ce PDF est trop gros une fois déplié. {ENREGISTRER}")
    return deplies
