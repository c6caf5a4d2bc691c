"""Les PDF reçus : ce qui agit, ce qui cache et ce qui ne se contrôle pas est refusé."""

import pytest

from maillage.core.pdf_recus import DEPLIES_MAX, PAGES_MAX, PdfRefuse, verifier_pdf
from tests.fichiers_d_essai import archive, pdf, pdf_compact, pdf_qui_agit


@pytest.mark.parametrize(
    ("contenu", "raison"),
    [
        (pdf_qui_agit("/JavaScript"), "programme"),
        (pdf_qui_agit("/Launch"), "programme"),
        (pdf_qui_agit().replace(b"/JavaScript", b"/J#61vaScri#70t"), "programme"),
        (pdf_compact(b"<</S /JavaScript>>"), "programme"),
        (pdf_compact(b"<</S /#4Aavascript /S /#4AavaScript>>"), "programme"),
        (pdf(modifier=lambda e: e.add_attachment("a.exe", b"MZ")), "d’autres fichiers"),
        (pdf_compact(b"<</Type /EmbeddedFile>>"), "d’autres fichiers"),
        (pdf(modifier=lambda e: e.encrypt("secret")), "mot de passe"),
        (pdf_compact(b"", filtre=b"[/ASCIIHexDecode /FlateDecode]"), "ne sait pas contrôler"),
        (pdf_compact(b"", deplie=b"0" * (DEPLIES_MAX + 1)), "trop gros une fois déplié"),
        (pdf_compact(b"").replace(b"x\x9c", b"\0\0"), "abîmé"),
        (pdf() + archive(), "autre chose à sa suite"),
        (pdf()[:-200], "incomplet"),
        (pdf() + archive() + b"%%EOF", "archive"),
        (b"<html>" + pdf(), "incomplet"),
        (b"%PDF-1.4\n" + b"stream\n" * 200_000 + b"%%EOF", "morceaux"),
        (b"%PDF-1.4\n%%EOF", "Aucune page"),
        (pdf(PAGES_MAX + 1), "pages"),
        (b"%PDF-1.4\n" + b" " * 10_500_000 + b"%%EOF", "10 Mo"),
    ],
)  # fmt: skip
def test_un_pdf_dangereux_ou_illisible_est_refuse_avec_sa_raison(contenu: bytes, raison: str) -> None:
    with pytest.raises(PdfRefuse, match=raison):
        verifier_pdf(contenu)


@pytest.mark.parametrize("pages", [1, 3, PAGES_MAX])
def test_un_pdf_ordinaire_est_pris_et_ses_pages_comptees(pages: int) -> None:
    assert verifier_pdf(pdf(pages)) == pages


def test_les_pages_rangees_dans_un_flux_comprime_sont_comptees() -> None:
    assert verifier_pdf(pdf_compact(b"<</Type /Page>> <</Type/Page/Parent 1 0 R>> <</Type /Pages>>")) == 3


def test_un_mot_du_texte_qui_ressemble_a_un_nom_n_arrete_rien() -> None:
    assert verifier_pdf(pdf(modifier=lambda e: e.add_metadata({"/Title": "Le JavaScript, Launch"}))) == 2
