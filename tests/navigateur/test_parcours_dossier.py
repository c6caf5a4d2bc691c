"""Amina tient le plan, écrit un chapitre avec la barre, le voit tel qu'il sera, réunit les sigles et lit le dossier."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from maillage.projets.models import Chapitre
from tests.distribution import Distribution
from tests.navigateur.conftest import TELEPHONE
from tests.navigateur.test_parcours_redaction import enregistre, fenetre_de  # noqa: F401 - une fenêtre de plus
from tests.projets.fabriques_dossier import dossier_d_essai

pytestmark = pytest.mark.django_db(transaction=True)
Entrer = Callable[[str], None]
Voir = Callable[[], None]


def envoi(page: Page) -> Any:
    """À ouvrir autour d'une frappe : attend que le chapitre, et pas seulement son aperçu, soit parti."""
    return page.expect_response(
        lambda r: r.request.method == "POST" and r.url == page.url.split("#")[0], timeout=60_000
    )


def test_amina_ecrit_un_chapitre_et_le_voit_tel_qu_il_sera(
    page: Page,
    entrer: Entrer,
    voir: Voir,
    distribution: Distribution,
    fenetre_de: Any,  # noqa: F811
) -> None:
    projet = dossier_d_essai(distribution.deux_ponts)
    entrer("amina")
    page.goto(f"/espace/projets/{projet.pk}/dossier/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Le dossier d’agrément")
    voir()
    page.get_by_role("link", name="Le quartier la nuit").click()
    apercu = page.get_by_role("region", name="Aperçu du chapitre")
    expect(apercu).to_contain_text("Un texte à nous.")
    voir()

    # Les signes, à la main et par la barre ; l'aperçu suit la frappe.
    texte = page.get_by_label("Le texte", exact=True)
    texte.fill("La nuit est longue.")
    texte.select_text()
    page.get_by_role("button", name="Gras").click()
    expect(texte).to_have_value("**La nuit est longue.**")
    expect(apercu.locator("strong")).to_have_text("La nuit est longue.")
    page.keyboard.press("Control+z")
    expect(texte).to_have_value("La nuit est longue.")
    page.keyboard.press("Control+y")
    expect(texte).to_have_value("**La nuit est longue.**")
    enregistre(page)
    texte.press("End")
    page.locator("details.citer summary").click()
    page.get_by_label("Ce que vous insérez").select_option(label="Les sigles")
    with envoi(page):
        page.get_by_role("button", name="Insérer dans le texte").click()
    expect(texte).to_have_value(re.compile(r"\n\n\[\[bloc sigles : Les sigles\]\]\n$"))
    expect(apercu).to_contain_text("Espace de vie sociale")
    enregistre(page)
    assert "[[bloc:sigles]]" in Chapitre.objects.get(titre="Le quartier la nuit").texte
    voir()

    # À deux dans le même chapitre : les deux textes, et le choix.
    bruno = fenetre_de("bruno")
    bruno.goto(page.url)
    expect(bruno.locator("#texte")).to_have_value(re.compile("La nuit"))
    with envoi(page):
        texte.fill("Le texte d’Amina.")
    enregistre(page)
    bruno.locator("#texte").fill("Le texte de Bruno.")
    expect(bruno.locator(".conflit")).to_contain_text("Amina Benali a écrit ici")
    bruno.get_by_label("les deux, bout à bout").check()
    expect(bruno.locator("#texte")).to_have_value("Le texte d’Amina.\n\nLe texte de Bruno.")

    page.get_by_role("button", name="Marquer relu").click()
    expect(page.get_by_text("Le chapitre est relu.")).to_be_visible()


def test_la_session_fermee_ne_prend_ni_le_texte_ni_l_apercu(
    page: Page, entrer: Entrer, distribution: Distribution
) -> None:
    projet = dossier_d_essai(distribution.deux_ponts)
    entrer("amina")
    page.goto(f"/espace/projets/{projet.pk}/dossier/")
    page.get_by_role("link", name="Le quartier la nuit").click()
    adresse = page.url
    apercu = page.get_by_role("region", name="Aperçu du chapitre")
    expect(apercu).to_contain_text("Un texte à nous.")
    page.context.clear_cookies(name=re.compile("session"))
    with page.expect_response(re.compile("/apercu/")):
        page.get_by_label("Le texte", exact=True).fill("Écrit trop tard.")
    expect(page.locator("#retrouve")).to_contain_text("Votre texte est gardé sur cet appareil.")
    expect(apercu).to_contain_text("Un texte à nous.")
    expect(apercu.get_by_role("main")).to_have_count(0)
    entrer("amina")
    page.goto(adresse)
    expect(page.locator("#retrouve")).to_contain_text("Nous avons retrouvé")
    expect(page.get_by_label("Le texte", exact=True)).to_have_value("Écrit trop tard.")


def test_sans_script_le_plan_se_tient_et_le_chapitre_s_ecrit(
    page: Page, entrer: Entrer, voir: Voir, distribution: Distribution
) -> None:
    projet = dossier_d_essai(distribution.deux_ponts)
    entrer("amina")
    page.route("**/*.js", lambda route: route.abort())
    page.set_viewport_size(TELEPHONE)
    page.goto(f"/espace/projets/{projet.pk}/dossier/chapitres/budget/")
    page.get_by_label("Le texte", exact=True).fill("- un compte\n- un seul")
    page.locator(".barre button").click()
    expect(page.get_by_text("Le chapitre est enregistré.")).to_be_visible()
    expect(page.get_by_role("region", name="Aperçu du chapitre").locator("li")).to_have_text(
        ["un compte", "un seul"]
    )
    page.get_by_role("link", name="Revenir au plan").click()
    ligne = page.locator("#chapitre-budget")
    ligne.locator("summary").click()
    ligne.get_by_role("button", name="Ôter du plan").click()
    expect(page.get_by_text("Son texte est gardé.")).to_be_visible()
    expect(page.locator("#chapitre-budget")).to_have_count(0)


def test_les_sigles_se_reunissent_et_le_dossier_se_lit(
    page: Page, entrer: Entrer, voir: Voir, distribution: Distribution
) -> None:
    projet = dossier_d_essai(distribution.deux_ponts)
    projet.chapitres.filter(rang=2).update(texte="Le comité de pilotage (COPIL) et la CAF.")
    entrer("amina")
    page.goto(f"/espace/projets/{projet.pk}/dossier/")
    page.get_by_role("link", name="Les sigles", exact=True).click()
    expect(page.get_by_label("Ce que veut dire COPIL")).to_have_value("Comité de pilotage")
    voir()
    page.get_by_role("button", name="Ajouter les sigles cochés").click()
    expect(page.get_by_text("2 sigles ajoutés.")).to_be_visible()
    page.goto(f"/espace/projets/{projet.pk}/dossier/page/")
    expect(page.locator("article")).to_contain_text("Comité de pilotage")
    voir()
    page.goto(f"/espace/projets/{projet.pk}/dossier/nouveau-chapitre/")
    voir()
