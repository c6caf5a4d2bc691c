"""La planche des composants dans un vrai navigateur : axe, clavier, filtres avec et sans script."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.navigateur.conftest import LARGE, TELEPHONE

pytestmark = pytest.mark.django_db(transaction=True)
LISTE = "/composants/liste/"


@pytest.mark.parametrize(
    "contexte", [{"viewport": LARGE}, {"viewport": TELEPHONE}], indirect=True, ids=["large", "360"]
)
@pytest.mark.parametrize(
    "adresse",
    [
        "/composants/",
        "/composants/espace/",
        LISTE,
        f"{LISTE}?q=zzz&public=seniors",
        f"{LISTE}#filtres",
        "/absente",
    ],
)
def test_axe_ne_trouve_rien_a_redire(page: Page, adresse: str, sans_obstacle: Callable[[Page], None]) -> None:
    page.goto(adresse)
    sans_obstacle(page)


def test_cocher_un_filtre_met_a_jour_la_liste_et_l_adresse_sans_perdre_le_foyer(page: Page) -> None:
    page.goto(LISTE)
    assert page.evaluate("typeof htmx") == "undefined", "qui ne fait que lire ne télécharge pas htmx"
    page.get_by_label("Seniors").check()
    expect(page.locator("#compte")).to_have_text("36 expériences")
    expect(page).to_have_url(re.compile(r"/composants/liste/\?public=seniors$"))
    expect(page.get_by_label("Seniors")).to_be_focused()
    expect(page.locator("#annonce[role=status]")).to_have_text("36 expériences")


def test_le_retour_en_arriere_rend_la_liste_et_ses_cases(page: Page) -> None:
    page.goto(LISTE)
    page.get_by_label("Seniors").check()
    expect(page.locator("#compte")).to_have_text("36 expériences")
    page.get_by_label("Trier par").select_option("titre")
    expect(page).to_have_url(re.compile(r"\?public=seniors&tri=titre$"))
    page.go_back()
    expect(page.get_by_label("Trier par")).to_have_value("")
    page.go_back()
    expect(page.locator("#compte")).to_have_text("60 expériences")
    expect(page.get_by_label("Seniors")).not_to_be_checked()


def test_une_suggestion_se_choisit_au_clavier_meme_apres_un_filtre(page: Page) -> None:
    page.goto(LISTE)
    page.get_by_label("Seniors").check()
    expect(page.locator("#compte")).to_have_text("36 expériences")
    recherche = page.get_by_role("combobox", name="Chercher")
    recherche.press_sequentially("bus")
    expect(page.get_by_role("listbox", name="Suggestions").get_by_role("option")).to_have_count(1)
    recherche.press("ArrowDown")
    expect(recherche).to_have_attribute("aria-activedescendant", "suggestions-0-0")
    recherche.press("Enter")
    expect(page.locator("#compte")).to_have_text("12 expériences")


def test_echap_ferme_les_suggestions_et_garde_le_texte(page: Page) -> None:
    page.goto(LISTE)
    recherche = page.get_by_role("combobox", name="Chercher")
    recherche.press_sequentially("caf")
    expect(page.get_by_role("listbox")).to_be_visible()
    recherche.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(recherche).to_have_value("caf")


@pytest.mark.parametrize("contexte", [{"viewport": TELEPHONE, "java_script_enabled": False}], indirect=True)
def test_au_telephone_sans_script_les_filtres_s_ouvrent_et_s_appliquent(page: Page) -> None:
    page.goto(LISTE)
    expect(page.get_by_label("Seniors")).to_be_hidden()
    page.get_by_role("link", name="Filtrer").click()
    page.get_by_label("Seniors").check()
    page.get_by_role("button", name="Appliquer les filtres").click()
    expect(page.locator("#compte")).to_have_text("36 expériences")
    page.get_by_role("link", name="Public : Seniors").first.click()
    expect(page.locator("#compte")).to_have_text("60 expériences")


def test_le_lien_se_copie_et_le_dit(contexte: BrowserContext, page: Page) -> None:
    contexte.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/composants/")
    bouton = page.get_by_role("button", name="Copier le lien")
    bouton.click()
    expect(bouton).to_contain_text("c’est fait")
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_rien_ne_bouge_pendant_le_chargement(page: Page) -> None:
    page.add_init_script(
        "window.saut = 0;"
        "new PerformanceObserver((l) => l.getEntries().forEach((e) => (window.saut += e.value)))"
        ".observe({ type: 'layout-shift', buffered: true })"
    )
    page.goto("/composants/")
    page.evaluate("document.fonts.ready")
    assert page.evaluate("window.saut") <= 0.02
