"""Chaque page publique : légère, stable, sans cookie ni tiers, lisible par tous, avec ou sans script."""

import gzip
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, Response, expect

from maillage.portail.donnees_ouvertes import publication
from tests.activites.fabriques import ActiviteFactory, SeanceFactory
from tests.fabriques import ExperienceFactory, SiteFactory, StructureFactory
from tests.navigateur.conftest import LARGE, TELEPHONE

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = [
    "/",
    "/centres/",
    "/centres/tilleuls/",
    "/agenda/",
    "/departements/63/",
    "/donnees/",
    "/api/",
    "/accessibilite/",
    "/donnees-personnelles/",
    "/mentions-legales/",
    "/statistiques/",
    "/plan-du-site/",
    "/code-source/",
]
POIDS_MAX, DEMANDES_MAX, DECALAGE_MAX = 60 * 1024, 12, 0.02
ENTETES = 400
"""Octets d'en-têtes par réponse, comptés large."""
OBSERVER_LES_DECALAGES = """
window.decalage = 0;
new PerformanceObserver(liste => {
  for (const entree of liste.getEntries()) if (!entree.hadRecentInput) window.decalage += entree.value;
}).observe({type: "layout-shift", buffered: true});
"""


@pytest.fixture(autouse=True)
def contenu(settings: Any, tmp_path: Path) -> None:
    settings.DOSSIER_FICHIERS = tmp_path
    centre = StructureFactory(nom="Centre social des Tilleuls", slug="tilleuls", decrite=True)
    SiteFactory(structure=centre)
    ExperienceFactory.create_batch(6, structure=centre)
    activite = ActiviteFactory(structure=centre, titre="Matinée jeux", est_publique=True)
    SeanceFactory(activite=activite, debut=timezone.now() + timedelta(days=2))
    publication.publier()


@pytest.mark.parametrize(
    "contexte", [{"viewport": LARGE}, {"viewport": TELEPHONE}], indirect=True, ids=["large", "360"]
)
@pytest.mark.parametrize("adresse", PAGES)
def test_chaque_page_publique_est_sans_obstacle(
    page: Page, adresse: str, sans_obstacle: Callable[[Page], None]
) -> None:
    page.goto(adresse)
    for repli in page.locator("details:not([open]) > summary").all():
        if repli.is_visible():
            repli.click()
    sans_obstacle(page)


@pytest.mark.parametrize("contexte", [{"java_script_enabled": False}], indirect=True)
@pytest.mark.parametrize("adresse", PAGES)
def test_chaque_page_publique_se_lit_sans_script(page: Page, adresse: str) -> None:
    page.goto(adresse)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.locator("[hidden]").filter(has=page.locator("a")).count() == 0


@pytest.mark.parametrize("adresse", PAGES)
def test_chaque_page_publique_est_legere_stable_et_sans_cookie(
    page: Page, contexte: BrowserContext, adresse: str
) -> None:
    """Cache froid : octets, demandes, décalages, cookies.

    Le serveur d'essai ne compresse pas les fichiers ; en service ils le sont : on pèse chaque corps compressé.
    """
    reponses: list[Response] = []
    page.on("response", lambda reponse: reponses.append(reponse))
    page.add_init_script(OBSERVER_LES_DECALAGES)
    page.goto(adresse, wait_until="networkidle")
    poids = sum(min(len(corps := r.body()), len(gzip.compress(corps))) + ENTETES for r in reponses)
    assert poids <= POIDS_MAX, {r.url: len(r.body()) for r in reponses}
    assert len(reponses) <= DEMANDES_MAX, [r.url for r in reponses]
    assert page.evaluate("window.decalage") <= DECALAGE_MAX
    assert not contexte.cookies()


def test_les_menus_ne_montrent_que_ce_qui_marche(page: Page, indexer: Callable[[], int]) -> None:
    indexer()
    page.goto("/")
    liens = {a.get_attribute("href") for a in page.locator("header a, footer a").all()}
    for lien in sorted(filter(None, liens)):
        reponse = page.request.get(lien)
        assert reponse.status == 200, f"{lien} : {reponse.status}"
