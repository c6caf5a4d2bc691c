"""Les images reçues : réécrites, droites, sans rien de ce que l'appareil y avait mis."""

import io

import pytest
from PIL import Image

from maillage.core.images import (
    COTE_GRAND,
    POIDS_VIGNETTE,
    ImageRefusee,
    dimensions_de_vignette,
    en_jpeg,
    est_une_image,
    reecrire,
)
from tests.fichiers_d_essai import (
    EICAR,
    LIEU,
    SVG,
    archive,
    gif_anime,
    photo,
    photo_bavarde,
    photo_situee,
    png_de,
)


def ouvrir(octets: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(octets))
    image.load()
    return image


# --- Refus ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("taille", [(31_623, 31_623), (60_000, 1_000), (4_300, 4_300)])
def test_une_image_trop_grande_est_refusee_avant_d_etre_decodee(
    taille: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def decoder(image: Image.Image) -> None:
        raise AssertionError("décodée")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", decoder)
    with pytest.raises(ImageRefusee, match="trop grande"):
        reecrire(png_de(*taille))


def test_une_image_animee_est_refusee() -> None:
    with pytest.raises(ImageRefusee, match="animée"):
        reecrire(gif_anime())


@pytest.mark.parametrize(
    "contenu",
    [
        photo()[: len(photo()) // 2],
        photo(format="PNG")[:60],
        b"\xff\xd8\xff" + b"\0" * 200,
        b"GIF89a",
        b"RIFF\x10\0\0\0WEBPVP8 ",
        b"\x89PNG\r\n\x1a\n" + SVG,
        png_de(300, 300)[:100],
    ],
)
def test_une_image_abimee_est_refusee_par_une_phrase(contenu: bytes) -> None:
    with pytest.raises(ImageRefusee, match="abîmée|grande"):
        reecrire(contenu)


@pytest.mark.parametrize("contenu", [b"", SVG, EICAR, archive(), b"BM" + b"\0" * 80, b"II*\0", b"MZ"])
def test_ce_qui_n_est_pas_un_des_quatre_formats_n_est_pas_une_image(contenu: bytes) -> None:
    assert not est_une_image(contenu)


# --- Ce qui sort ----------------------------------------------------------------------------------
def test_rien_de_l_appareil_ni_du_lieu_ne_reste() -> None:
    for ecrite in reecrire(photo_situee()):
        image = ouvrir(ecrite.octets)
        assert image.format == "WEBP"
        assert not image.getexif()
        assert not {"icc_profile", "exif", "xmp", "comment"} & set(image.info)
        assert LIEU.encode() not in ecrite.octets


@pytest.mark.parametrize(("orientation", "taille"), [(1, (800, 600)), (6, (600, 800)), (8, (600, 800))])
def test_une_photo_prise_couchee_est_redressee(orientation: int, taille: tuple[int, int]) -> None:
    grande, _ = reecrire(photo_situee(orientation))
    assert (grande.largeur, grande.hauteur) == ouvrir(grande.octets).size == taille


def test_ce_qui_suit_l_image_disparait() -> None:
    cache = b"<script>alert(1)</script>" + archive()
    for ecrite in reecrire(photo() + cache):
        assert b"script" not in ecrite.octets
        assert b"PK\x03\x04" not in ecrite.octets


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF"])
def test_les_quatre_formats_sont_lus(format: str) -> None:
    grande, vignette = reecrire(photo(format=format))
    assert (grande.largeur, grande.hauteur) == (800, 600)
    assert dimensions_de_vignette(800, 600) == (480, 360) == ouvrir(vignette.octets).size


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_chaque_facon_de_dire_les_couleurs_est_lue(mode: str) -> None:
    sortie = io.BytesIO()
    Image.new(mode, (60, 40)).save(sortie, "JPEG" if mode == "CMYK" else "PNG")
    grande, _ = reecrire(sortie.getvalue())
    assert (grande.largeur, grande.hauteur) == (60, 40)


def test_la_transparence_est_gardee_et_devient_blanche_dans_un_document() -> None:
    sortie = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(sortie, "PNG")
    grande, _ = reecrire(sortie.getvalue())
    assert ouvrir(grande.octets).mode == "RGBA"
    dans_un_document = ouvrir(en_jpeg(grande.octets))
    assert dans_un_document.format == "JPEG"
    assert dans_un_document.getpixel((20, 20)) == (255, 255, 255)


def test_une_tres_grande_photo_est_reduite_et_sa_vignette_reste_legere() -> None:
    grande, vignette = reecrire(photo_bavarde())
    assert max(grande.largeur, grande.hauteur) == COTE_GRAND
    assert len(vignette.octets) <= POIDS_VIGNETTE


def test_une_bande_tres_fine_garde_au_moins_un_point() -> None:
    grande, vignette = reecrire(photo(3000, 1))
    assert grande.hauteur == 1
    assert ouvrir(vignette.octets).size[1] >= 1
    assert dimensions_de_vignette(3000, 1) == (480, 1)
