"""Léa dépose la liste officielle des quartiers prioritaires, la relit, la confirme."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.fabriques import CommuneFactory
from tests.navigateur.conftest import LARGE, TELEPHONE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    "contexte", [{"viewport": LARGE}, {"viewport": TELEPHONE}], indirect=True, ids=["large", "360"]
)
def test_deposer_relire_confirmer(
    page: Page, entrer: Callable[[str], None], sans_obstacle: Callable[[Page], None]
) -> None:
    CommuneFactory()
    entrer("lea")
    page.goto("/espace/quartiers/")
    sans_obstacle(page)
    page.get_by_role("button", name="Déposer et voir l’aperçu").click()
    expect(page.get_by_text("Choisissez d’abord un fichier").first).to_be_visible()
    sans_obstacle(page)
    page.get_by_label("Millésime").fill("2024")
    page.get_by_label("Fichier CSV officiel").set_input_files(
        {
            "name": "qpv.csv",
            "mimeType": "text/csv",
            "buffer": b"code_qp;lib_qp;insee_com\nQN06301N;Nord;63113\nfaux;x;y\n",
        }
    )
    page.get_by_role("button", name="Déposer et voir l’aperçu").click()
    expect(page.get_by_role("status").first).to_contain_text("Rien n’est encore enregistré")
    page.get_by_text("Pourquoi des lignes sont écartées").click()
    sans_obstacle(page)
    page.get_by_role("button", name="Remplacer la liste de 2024").click()
    expect(page.locator(".messages")).to_contain_text("1")
    expect(page.get_by_role("listitem").filter(has_text="2024")).to_contain_text("quartier")
    sans_obstacle(page)
