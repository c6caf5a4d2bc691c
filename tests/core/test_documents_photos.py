"""Une photo dans un document : ses points, et ce qu'elle montre pour qui ne la voit pas."""

import io
import zipfile

import docx
import pypdf
from docx.oxml.ns import qn
from lxml import html as lecteur_html
from PIL import Image

from maillage.core.documents.description import Photo
from maillage.core.documents.docx import rendre_docx
from maillage.core.documents.html import rendre_html
from maillage.core.documents.pdf import rendre_pdf
from tests.documents import document, lire_docx, lire_html, lire_pdf, serre

ALT = "Des voisins autour d’une grande table."


def photo(alt: str = ALT, legende: str = "Photo : le centre social") -> Photo:
    octets = io.BytesIO()
    Image.new("RGB", (400, 300), "#0B6570").save(octets, "JPEG")
    return Photo(octets.getvalue(), 400, 300, alt, legende, "/experiences/abc/pieces/def")


def test_sa_legende_se_lit_dans_chaque_rendu() -> None:
    for lire in (lire_html, lire_pdf, lire_docx):
        assert serre("Photo : le centre social") in lire(document(photo()))


def test_le_pdf_porte_l_image_et_sa_description() -> None:
    lu = pypdf.PdfReader(io.BytesIO(rendre_pdf(document(photo()))))
    assert any(ressource.image.size == (400, 300) for page in lu.pages for ressource in page.images)
    assert ALT in str(_descriptions(lu))


def test_une_image_decorative_n_arrete_pas_le_pdf_accessible() -> None:
    assert rendre_pdf(document(photo(alt="", legende=""))).startswith(b"%PDF")


def test_le_fichier_word_porte_l_image_et_sa_description() -> None:
    octets = rendre_docx(document(photo()))
    corps = docx.Document(io.BytesIO(octets)).element.body
    assert [noeud.get("descr") for noeud in corps.iter(qn("wp:docPr"))] == [ALT]
    assert any(nom.startswith("word/media/") for nom in zipfile.ZipFile(io.BytesIO(octets)).namelist())


def test_la_page_la_demande_a_son_adresse_avec_ses_dimensions() -> None:
    image = lecteur_html.fromstring(rendre_html(document(photo()))).xpath("//img")[0]
    assert dict(image.attrib) == {
        "src": "/experiences/abc/pieces/def",
        "alt": ALT,
        "width": "400",
        "height": "300",
        "loading": "lazy",
    }


def _descriptions(lu: pypdf.PdfReader) -> list[str]:
    """Les textes alternatifs de l'arbre de structure."""
    textes: list[str] = []

    def descendre(noeud: object, profondeur: int = 0) -> None:
        objet = noeud.get_object() if hasattr(noeud, "get_object") else noeud
        if isinstance(objet, list):
            for enfant in objet:
                descendre(enfant, profondeur + 1)
        elif isinstance(objet, dict) and profondeur < 60:
            if "/Alt" in objet:
                textes.append(str(objet["/Alt"]))
            if "/K" in objet:
                descendre(objet["/K"], profondeur + 1)

    descendre(lu.trailer["/Root"]["/StructTreeRoot"])
    return textes
