"""Amina remplit le cadre de sa Caf sans rien retaper : elle lit, remonte aux lignes, et transmet."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from maillage.activites.choices import Cadre, EtatSeance
from maillage.activites.models import VenueSansNom
from tests.activites.fabriques import ActiviteFactory, PresenceFactory, SeanceFactory
from tests.distribution import Distribution
from tests.personnes.fabriques import PersonneFactory, ProvenanceFactory

pytestmark = pytest.mark.django_db(transaction=True)
Entrer = Callable[[str], None]
Voir = Callable[[], None]


@pytest.fixture
def annee(distribution: Distribution) -> None:
    """En mars 2024 : douze enfants du Moulin à l'aide aux devoirs, et vingt venues sans nom."""
    centre = distribution.deux_ponts
    moulin = ProvenanceFactory(structure=centre, nom="Le Moulin")
    clas = ActiviteFactory(structure=centre, titre="Aide aux devoirs", cadre=Cadre.CLAS)
    seance = SeanceFactory(activite=clas, debut=datetime(2024, 3, 5, 16, tzinfo=UTC), etat=EtatSeance.TENUE)
    for rang in range(12):
        enfant = PersonneFactory(structure=centre, prenom="Salima", nom=f"Berger {rang}", provenance=moulin)
        PresenceFactory(seance=seance, personne=enfant, age=9 if rang else 13)
    VenueSansNom.objects.create(seance=seance, bande="6_11", nombre=20)


@pytest.mark.usefixtures("annee")
def test_le_cadre_de_l_annee_se_lit_se_remonte_et_se_transmet(page: Page, entrer: Entrer, voir: Voir) -> None:
    entrer("amina")
    page.goto("/espace/")
    page.get_by_role("navigation", name="Les pièces de l’espace pro").get_by_role(
        "link", name="Cadres de l’année"
    ).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Les cadres de l’année")
    expect(page.get_by_text("Aucune activité n’est marquée Laep.")).to_be_visible()
    voir()
    page.get_by_role("link", name="2024 : Cadre de type Caf").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cadre de type Caf, 2024")
    expect(page.get_by_text("12 présences avec un nom et 20 présences sans nom.").first).to_be_visible()
    voir()
    resume = page.locator("summary", has_text="Personnes différentes")
    resume.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("table", name="Par âge et par quartier, 2024")).to_contain_text("caché")
    voir()
    page.get_by_role("link", name="32 : d’où vient ce nombre").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Présences, 2024")
    expect(page.get_by_role("cell", name="une personne").first).to_be_visible()
    expect(page.get_by_text("Berger")).to_have_count(0)
    voir()
    page.go_back()
    page.get_by_role("link", name="À transmettre").click()
    expect(page.get_by_role("link", name="PDF")).to_be_visible()
    expect(page.get_by_text("est caché, et un autre avec lui").first).to_be_visible()
    voir()
    with page.expect_download() as recu:
        page.get_by_role("link", name="Word").click()
    assert recu.value.suggested_filename == "Cadre de type Caf, 2024.docx"
