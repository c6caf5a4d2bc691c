"""Images reçues : lues avec méfiance, puis réécrites en WebP. Ce qui sort n'a plus rien du fichier envoyé.

Ni lieu, ni appareil, ni date, ni profil, ni octets cachés après l'image : seuls les points sont gardés. La taille
est contrôlée sur l'en-tête, avant tout décodage ; une grande photo JPEG est lue directement en petit.
"""

import io
from dataclasses import dataclass
from threading import Lock

from PIL import Image, ImageOps

COTE_GRAND = 1600
COTE_VIGNETTE = 480
COTE_DE_DOCUMENT = 1000
POIDS_VIGNETTE = 8_000
"""Octets d'une vignette, au plus : la première est dans la page d'une fiche, qui pèse 50 Ko et tient en 60."""
QUALITE = 80
ESSAIS_DE_VIGNETTE = ((480, 70), (480, 50), (400, 50), (360, 45), (320, 40), (280, 30), (240, 20))
"""Côté et qualité, du plus fin au plus léger."""
EFFORT = 3
"""De 0, vite, à 6, léger : à 3, une grande image s'écrit en un quart de seconde."""
FORMATS = {"JPEG": b"\xff\xd8\xff", "PNG": b"\x89PNG\r\n\x1a\n", "GIF": b"GIF8", "WEBP": b"RIFF"}
PLAFONDS = {"JPEG": 64_000_000, "PNG": 18_000_000, "GIF": 18_000_000, "WEBP": 10_000_000}
"""Points d'une image, par format, pour tenir sous 200 Mo de mémoire."""
PLAFOND_PROGRESSIF = 24_000_000
"""Un JPEG progressif se garde en entier avant d'être lu : il a le plafond des autres."""
_UNE_A_LA_FOIS = Lock()
"""Dans un processus, une image à la fois : quatre fils n'en décodent pas quatre."""


class ImageRefusee(ValueError):
    """L'image ne peut pas être prise ; le message dit pourquoi et quoi faire."""


@dataclass(frozen=True, slots=True)
class ImageReecrite:
    octets: bytes
    largeur: int
    hauteur: int


def est_une_image(contenu: bytes) -> bool:
    """D'après les premiers octets, jamais d'après le nom."""
    return contenu.startswith(tuple(FORMATS.values()))


def dimensions_de_vignette(largeur: int, hauteur: int) -> tuple[int, int]:
    """La place d'une vignette dans une page ; ses points sont parfois moins nombreux."""
    reduction = min(1.0, COTE_VIGNETTE / max(largeur, hauteur))
    return max(1, round(largeur * reduction)), max(1, round(hauteur * reduction))


def reecrire(contenu: bytes) -> tuple[ImageReecrite, ImageReecrite]:
    """L'image et sa vignette, droites. Lève `ImageRefusee`."""
    with _UNE_A_LA_FOIS:
        try:
            with Image.open(io.BytesIO(contenu), formats=tuple(FORMATS)) as image:
                _controler(image)
                grande = _redresser(image)
        except ImageRefusee:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bombe:
            raise ImageRefusee(_trop_grande("")) from bombe
        except (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, MemoryError) as faute:
            # Ce que Pillow lève, selon l'endroit où le fichier se casse.
            raise ImageRefusee(
                "Cette image est abîmée ou incomplète. Ouvrez-la, enregistrez-la de nouveau, puis joignez-la."
            ) from faute
        return _ecrire(grande, QUALITE), _ecrire_vignette(grande)


def en_jpeg(contenu: bytes, cote: int = COTE_DE_DOCUMENT) -> bytes:
    """Une image déjà réécrite, pour un document : les formats de bureau ne connaissent pas tous WebP."""
    with _UNE_A_LA_FOIS, Image.open(io.BytesIO(contenu), formats=("WEBP",)) as image:
        image.load()
        opaque = Image.new("RGB", image.size, "white")
        opaque.paste(image, mask=image.getchannel("A") if "A" in image.mode else None)
        opaque.thumbnail((cote, cote), Image.Resampling.LANCZOS)
        sortie = io.BytesIO()
        opaque.save(sortie, "JPEG", quality=QUALITE)
        return sortie.getvalue()


def _controler(image: Image.Image) -> None:
    """Sur l'en-tête seul. Lève `ImageRefusee`."""
    points = image.width * image.height
    format_lu = image.format or ""
    plafond = PLAFOND_PROGRESSIF if image.info.get("progressive") else PLAFONDS[format_lu]
    if points > plafond:
        raise ImageRefusee(_trop_grande(f" : {points // 1_000_000} millions de points"))
    if format_lu in {"GIF", "WEBP"} and getattr(image, "is_animated", False):
        raise ImageRefusee("Cette image est animée. Joignez une image fixe : l’animation gêne la lecture.")


def _trop_grande(precision: str) -> str:
    return f"Cette image est trop grande{precision}. Réduisez-la à 4 000 points de large, puis joignez-la."


def _redresser(image: Image.Image) -> Image.Image:
    """L'image décodée, réduite, tournée comme l'appareil le demandait, en RVB ou RVB et transparence."""
    image.draft("RGB", (COTE_GRAND, COTE_GRAND))  # sans effet hors du JPEG
    image.load()
    if image.mode not in {"RGB", "L", "RGBA", "LA"}:
        image = _en_couleurs(image)
    image.thumbnail((COTE_GRAND, COTE_GRAND), Image.Resampling.LANCZOS, reducing_gap=2.0)
    droite = ImageOps.exif_transpose(image)
    return droite.convert("RGBA" if "A" in droite.mode else "RGB")


def _en_couleurs(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # gris sur seize bits
        return image.convert("I").point(lambda valeur: valeur * (1 / 256)).convert("L")
    return image.convert("RGBA" if "transparency" in image.info or "A" in image.mode else "RGB")


def _ecrire(image: Image.Image, qualite: int) -> ImageReecrite:
    """Sur une image neuve : aucune donnée annexe de l'ancienne ne peut suivre."""
    neuve = Image.new(image.mode, image.size)
    neuve.paste(image)
    sortie = io.BytesIO()
    neuve.save(sortie, "WEBP", quality=qualite, method=EFFORT)
    return ImageReecrite(sortie.getvalue(), *image.size)


def _ecrire_vignette(image: Image.Image) -> ImageReecrite:
    """La plus fine qui tienne dans `POIDS_VIGNETTE`. La page la montre toujours à la même taille."""
    for cote, qualite in ESSAIS_DE_VIGNETTE:
        petite = image.copy()
        petite.thumbnail((cote, cote), Image.Resampling.LANCZOS)
        ecrite = _ecrire(petite, qualite)
        if len(ecrite.octets) <= POIDS_VIGNETTE:
            break
    return ecrite
