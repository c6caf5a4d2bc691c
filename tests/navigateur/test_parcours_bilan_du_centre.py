"""Bruno ouvre le bilan du centre, suit un nombre jusqu'à ses lignes, revient, choisit un lieu."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from maillage.activites.choices import EtatSeance
from maillage.evaluation.calcul import Centre
from maillage.evaluation.operations import recalculer_centre
from maillage.territoire.models import Site, Structure
from tests.accueil.fabriques import PassageFactory
from tests.activites.fabriques import ActiviteFactory, PresenceFactory, SeanceFactory
from tests.distribution import Distribution

pytestmark = pytest.mark.django_db(transaction=True)
MARS = datetime(2024, 3, 12, 14, tzinfo=UTC)


@pytest.fixture
def centre(distribution: Distribution) -> Structure:
    centre = distribution.deux_ponts
    haut, _ = (Site.objects.create(structure=centre, nom=nom) for nom in ("En haut", "En bas"))
    seance = SeanceFactory(
        activite=ActiviteFactory(structure=centre, titre="Couture", site=haut),
        debut=MARS,
        etat=EtatSeance.TENUE,
    )
    for _ in range(3):
        PresenceFactory(seance=seance, personne__structure=centre)
    for jours in (0, 30, 400):
        PassageFactory(structure=centre, le=MARS - timedelta(days=jours), site=haut)
    recalculer_centre(Centre(centre))
    return centre


def test_le_bilan_se_lit_et_chaque_nombre_mene_a_ses_lignes(
    page: Page, entrer: Callable[[str], None], voir: Callable[[], None], centre: Structure
) -> None:
    entrer("bruno")
    page.goto("/espace/bilan-du-centre/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Le bilan")
    page.get_by_role("link", name="2024", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Le bilan 2024")
    expect(page.get_by_role("rowheader", name="Juillet")).to_be_visible()
    voir()
    page.get_by_role("row", name="Mars").get_by_role("link", name="3", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Présences, mars 2024")
    expect(page.get_by_role("cell", name="une personne")).to_have_count(3)
    voir()
    page.get_by_role("link", name="Le bilan 2024").click()
    page.get_by_role("link", name="En bas", exact=True).click()
    expect(page.get_by_role("heading", level=2, name="Mois par mois")).to_be_visible()
    expect(page.locator(".chiffre b").first).to_have_text("0")
    voir()
