"""Omar cherche où aller : sa rue, le centre, les horaires, le téléphone. Sur son téléphone, parfois sans script."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from maillage.core.journal import SYSTEME
from maillage.territoire.models import Structure
from maillage.territoire.operations import definir_desserte
from tests.fabriques import CommuneFactory, ExperienceFactory, SiteFactory, StructureFactory
from tests.navigateur.conftest import LARGE, TELEPHONE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def quartier() -> Structure:
    commune = CommuneFactory()
    centre: Structure = StructureFactory(nom="Centre social des Tilleuls", slug="tilleuls", decrite=True)
    SiteFactory(structure=centre, accessibilite=["Entrée de plain-pied"])
    definir_desserte(centre, commune=commune, rues=["rue des Lilas"], par=SYSTEME)
    ExperienceFactory(structure=centre, titre="Un jardin pour tous")
    for n in range(30):
        StructureFactory(nom=f"Maison de quartier {n:02d}", slug=f"maison-{n}")
    return centre


@pytest.mark.aussi_sur_postgresql
@pytest.mark.parametrize(
    "contexte",
    [{"viewport": LARGE}, {"viewport": TELEPHONE, "java_script_enabled": False}],
    indirect=True,
    ids=["large", "360 sans script"],
)
def test_de_ma_rue_au_telephone_du_centre(page: Page) -> None:
    page.goto("/centres/")
    page.get_by_label("Chercher", exact=True).fill("12 rue des lilas")
    page.get_by_role("button", name="Chercher").click()
    expect(page.locator("#compte")).to_have_text("1 centre")
    expect(page.get_by_text("Trouvé par")).to_contain_text("rue des Lilas")
    page.get_by_role("link", name="Centre social des Tilleuls").click()
    expect(page).to_have_url(re.compile(r"/centres/tilleuls/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Centre social des Tilleuls")
    expect(page.get_by_role("row", name=re.compile("Lundi au vendredi"))).to_be_visible()
    expect(page.get_by_role("link", name="0400000000").first).to_have_attribute("href", "tel:+33400000000")
    page.get_by_role("navigation", name="Fil d’Ariane").get_by_role("link").last.click()
    expect(page).to_have_url(re.compile(r"/departements/63/$"))


@pytest.mark.aussi_sur_postgresql
def test_au_clavier_seul_on_cherche_on_filtre_et_on_ouvre(page: Page) -> None:
    page.goto("/centres/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(4):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "q":
            break
    page.keyboard.type("tilleuls")
    page.keyboard.press("Enter")
    expect(page.locator("#compte")).to_have_text("1 centre")
    lien = page.get_by_role("link", name="Centre social des Tilleuls")
    lien.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Centre social des Tilleuls")


def test_la_deuxieme_page_et_le_retour(page: Page) -> None:
    page.goto("/centres/")
    page.get_by_role("link", name="Suivante").click()
    expect(page.locator("#resultats")).to_contain_text(re.compile(r"26 à\s31 sur\s31"))
    page.go_back()
    expect(page.get_by_role("link", name="Suivante")).to_be_visible()


def test_le_menu_des_departements_de_l_accueil(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Ou choisissez un département").select_option("63")
    page.get_by_role("button", name="Voir", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Puy-de-Dôme (63)")


@pytest.mark.parametrize(
    "contexte", [{"viewport": LARGE}, {"viewport": TELEPHONE}], indirect=True, ids=["large", "360"]
)
@pytest.mark.parametrize(
    "adresse",
    [
        "/centres/",
        "/centres/?page=2",
        "/centres/?q=tilleuls",
        "/centres/?q=zzzz",
        "/centres/?q=rue+verte,+Clermont-Ferrand",
        "/centres/?departement=63&genre=centre_social",
        "/centres/#filtres",
        "/centres/tilleuls/",
        "/centres/maison-1/",
        "/departements/63/",
    ],
)
def test_axe_ne_trouve_rien_a_redire(page: Page, adresse: str, sans_obstacle: Callable[[Page], None]) -> None:
    page.goto(adresse)
    sans_obstacle(page)


def test_la_page_d_un_centre_s_imprime_sur_une_feuille(page: Page) -> None:
    page.goto("/centres/tilleuls/")
    page.emulate_media(media="print")
    expect(page.locator(".entete nav")).to_be_hidden()
    expect(page.get_by_text("0400000000").locator("visible=true").first).to_be_visible()
    expect(page.get_by_role("heading", name="Où et quand venir")).to_be_visible()
    assert len(PdfReader(BytesIO(page.pdf(format="A4"))).pages) == 1
