"""Amina, sans souris : tous les onglets se voient, chaque champ s'atteint, et un geste ne fait pas perdre sa place."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from maillage.projets.models import Besoin, ProjetSocial
from tests.distribution import Distribution
from tests.navigateur.conftest import LARGE, TELEPHONE
from tests.projets.fabriques import arbre_d_essai
from tests.projets.fabriques_diagnostic import diagnostic_d_essai

pytestmark = pytest.mark.django_db(transaction=True)
Entrer = Callable[[str], None]
Voir = Callable[[], None]
ONGLETS = "nav[aria-label='Façons de voir le projet']"
A_ATTEINDRE = """() => [...document.querySelectorAll("main :is(a[href], button, select, textarea, summary, input)")]
  .filter((e) => e.checkVisibility({ visibilityProperty: true }) && e.tabIndex >= 0 && e.type !== "hidden")
  .filter((e) => e.type !== "radio" || e.checked || ![...document.getElementsByName(e.name)].some((r) => r.checked))
  .length"""
ICI = """() => {
  const e = document.activeElement;
  if (e === document.body) return null;
  const deja = "vu" in e.dataset;
  e.dataset.vu = "";
  const c = e.getBoundingClientRect();
  const x = Math.min(Math.max(c.left + c.width / 2, 1), innerWidth - 1);
  const y = Math.min(Math.max(c.top + c.height / 2, 1), innerHeight - 1);
  const dessus = document.elementFromPoint(x, y);
  const etiquettes = [...(e.labels ?? [])];
  const libre = c.width < 3 || e.contains(dessus) || dessus?.contains(e) || etiquettes.some((l) => l.contains(dessus));
  const style = getComputedStyle(e);
  const cerne = c.width < 3 || style.outlineStyle !== "none" || style.boxShadow !== "none";
  return {
    nom: (e.innerText || e.getAttribute("aria-label") || e.name || e.tagName).trim().slice(0, 60),
    dans: !!e.closest("main"), deja, libre, cerne,
  };
}"""


@pytest.fixture
def projet(distribution: Distribution) -> ProjetSocial:
    return arbre_d_essai(distribution.deux_ponts, en_cours=True)


def _au_clavier(page: Page) -> tuple[int, list[str]]:
    """Combien de commandes du contenu le tabulateur atteint, et celles que l'on ne verrait pas."""
    atteintes, fautes = 0, []
    for _ in range(400):
        page.keyboard.press("Tab")
        ici: dict[str, Any] | None = page.evaluate(ICI)
        if ici is None or ici["deja"]:
            break
        atteintes += ici["dans"]
        if not ici["libre"]:
            fautes.append(f"caché : {ici['nom']}")
        if not ici["cerne"]:
            fautes.append(f"sans contour : {ici['nom']}")
    return atteintes, fautes


def test_les_onglets_tiennent_au_large_et_celui_d_ici_se_voit_au_telephone(
    page: Page, entrer: Entrer, voir: Voir, projet: ProjetSocial
) -> None:
    entrer("amina")
    page.set_viewport_size(LARGE)  # type: ignore[arg-type]
    page.goto(f"/espace/projets/{projet.pk}/gouvernance/")
    bande = page.locator(ONGLETS)
    assert bande.evaluate("b => b.scrollWidth - b.clientWidth") <= 0
    expect(bande.get_by_role("link", name="Cadre")).to_be_in_viewport(ratio=1)
    page.set_viewport_size(TELEPHONE)  # type: ignore[arg-type]
    page.goto(f"/espace/projets/{projet.pk}/evaluation/")
    expect(page.locator(ONGLETS).get_by_role("link", name="Évaluation")).to_be_in_viewport(ratio=1)
    voir()


def test_classer_un_besoin_au_clavier_ne_ramene_pas_en_haut(
    page: Page, entrer: Entrer, voir: Voir, projet: ProjetSocial
) -> None:
    diagnostic_d_essai(projet)
    for rang, titre in enumerate(("Se soigner", "Sortir", "Travailler"), 2):
        Besoin.objects.create(projet=projet, titre=titre, rang=rang)
    entrer("amina")
    page.goto(f"/espace/projets/{projet.pk}/diagnostic/besoins/")
    page.get_by_role("button", name="Monter : Travailler").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**#besoin-*")
    page.keyboard.press("Tab")  # on repart de la ligne déplacée, pas du haut de la page
    assert page.evaluate("document.activeElement.innerText.trim()") == "Travailler"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".besoins li strong").nth(1)).to_have_text("Travailler")
    voir()


@pytest.mark.parametrize("ecran", [LARGE, TELEPHONE], ids=["large", "telephone"])
def test_tout_s_atteint_et_se_voit_au_clavier(
    page: Page, entrer: Entrer, projet: ProjetSocial, ecran: dict[str, int]
) -> None:
    besoin = diagnostic_d_essai(projet)
    annee = projet.du.year + 1
    entrer("amina")
    page.set_viewport_size(ecran)  # type: ignore[arg-type]
    racine = f"/espace/projets/{projet.pk}"
    for adresse in (
        f"{racine}/diagnostic/chiffres/ecrire/",
        f"{racine}/diagnostic/besoins/preuves/",
        f"{racine}/diagnostic/resultats/",
        f"/espace/projets/besoins/{besoin.pk}/",
        f"{racine}/gouvernance/instances/nouvelle/",
        f"{racine}/budget/{annee}/centre/",
        f"{racine}/evaluation/mi-parcours/methode/",
    ):
        page.goto(adresse)
        attendues = page.evaluate(A_ATTEINDRE)
        atteintes, fautes = _au_clavier(page)
        assert not fautes, f"{adresse} : {fautes[:5]}"
        assert atteintes >= attendues, f"{adresse} : {atteintes} sur {attendues}"
