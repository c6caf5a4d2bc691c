"""Lire et agir autrement (F44, R96) : grossi à 400 %, sans feuille de style, en couleurs forcées, sans script.

Engendré : chaque page que la table d'accès ouvre, à qui peut la lire.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page

from tests.architecture.objets import adresses_d_essai
from tests.distribution import Distribution
from tests.navigateur.conftest import aller
from tests.navigateur.pages import pages_de

# 1280 pixels de large grossis quatre fois : la page n'en a plus que 320 (WCAG 1.4.10).
GROSSIE = {"width": 320, "height": 256}
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.plafond_de_requetes(200)]


@pytest.fixture
def adresses(distribution: Distribution, indexer: Callable[[], int]) -> Callable[[str], list[str]]:
    usuelles = adresses_d_essai(distribution)
    indexer()

    def lisibles(personne: str) -> list[str]:
        return [reverse(nom, kwargs=p) + suite for nom, p, suite in pages_de(personne, usuelles)]

    return lisibles


def _pages(page: Page, adresses: list[str]) -> Iterator[str]:
    """Chaque adresse qui rend une page entière."""
    for adresse in adresses:
        reponse = aller(page, adresse)
        if (
            reponse
            and "text/html" in reponse.headers.get("content-type", "")
            and page.locator("main").count()
        ):
            yield adresse


@pytest.mark.parametrize("personne", ["anonyme", "amina", "lea"])
def test_grossie_quatre_fois_aucune_page_ne_deborde(
    personne: str, contexte: BrowserContext, entrer: Callable[[str], None], adresses: Any
) -> None:
    entrer(personne)
    page = contexte.new_page()
    page.set_viewport_size(GROSSIE)  # type: ignore[arg-type]
    larges = []
    for adresse in _pages(page, adresses(personne)):
        debord = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if debord > 0:
            larges.append(f"{adresse} dépasse de {debord}")
    assert larges == []


@pytest.mark.parametrize(
    "contexte", [{"java_script_enabled": True, "forced_colors": "active"}], indirect=True
)
def test_en_couleurs_forcees_le_foyer_et_les_commandes_restent_visibles(
    contexte: BrowserContext, entrer: Callable[[str], None], adresses: Any
) -> None:
    """Une commande dessinée par son seul fond disparaît : elle doit garder un bord ou un texte."""
    entrer("lea")
    page = contexte.new_page()
    invisibles = []
    for adresse in _pages(page, adresses("lea")):
        invisibles += [f"{adresse} : {quoi}" for quoi in page.evaluate(COMMANDES_INVISIBLES)]
    assert invisibles == []


FORMULAIRE_SANS_BOUTON = """[...document.forms].some((f) => f.method === 'post'
  && ![...f.elements].some((e) => e.type === 'submit'))"""
# Ce qu'un script irait chercher est aussi un lien, que l'on suit sans lui.
BLOC_SANS_LIEN = """[...document.querySelectorAll('main [hx-get]')].some((e) =>
  !e.matches('a, form, input, button, select') && !e.querySelector('a[href]'))"""
COMMANDES_INVISIBLES = """() => [...document.querySelectorAll('button, input:not([type=hidden]), select, textarea')]
  .filter((e) => e.checkVisibility() && e.getBoundingClientRect().width > 2)
  .filter((e) => { const s = getComputedStyle(e);
    const a_un_bord = s.borderStyle !== 'none' && parseFloat(s.borderWidth) > 0;
    const est_dessinee = e.querySelector('svg, img') || /checkbox|radio|range|file/.test(e.type);
    const dit = (e.innerText || e.value || '').trim() || est_dessinee;
    return !a_un_bord && !dit; })
  .map((e) => e.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("personne", ["anonyme", "amina", "lea"])
def test_sans_feuille_de_style_tout_se_lit_dans_l_ordre(
    personne: str, contexte: BrowserContext, entrer: Callable[[str], None], adresses: Any
) -> None:
    contexte.route("**/*.css", lambda route: route.abort())
    entrer(personne)
    page = contexte.new_page()
    fautes = []
    for adresse in _pages(page, adresses(personne)):
        if not page.locator("h1").first.is_visible() or not page.locator("a[href='#contenu']").count():
            fautes.append(f"{adresse} : ni titre, ni lien d'évitement")
        if page.evaluate(FORMULAIRE_SANS_BOUTON):
            fautes.append(f"{adresse} : un formulaire sans bouton")
    assert fautes == []


@pytest.mark.parametrize("contexte", [{"java_script_enabled": False}], indirect=True)
def test_sans_script_chaque_page_a_son_titre_et_ses_boutons(
    contexte: BrowserContext, entrer: Callable[[str], None], adresses: Any
) -> None:
    entrer("lea")
    page = contexte.new_page()
    fautes = []
    for adresse in _pages(page, adresses("lea")):
        if not page.locator("h1").first.is_visible():
            fautes.append(adresse)
        if page.evaluate(BLOC_SANS_LIEN):
            fautes.append(f"{adresse} : un bloc que seul un script remplit")
    assert fautes == []
