"""Bruno accueille une initiative et se trompe d'un pas ; Inès tient les bénévoles ; Farid lit son mois."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from maillage.activites.choices import EtatInitiative
from maillage.activites.models import Initiative
from tests.activites.engagement_d_essai import BenevoleFactory, FormationFactory, HeuresFactory
from tests.activites.fabriques import ActiviteFactory, PresenceFactory, SeanceFactory
from tests.distribution import Distribution
from tests.navigateur.conftest import bouton

pytestmark = pytest.mark.django_db(transaction=True)
Entrer = Callable[[str], None]
Voir = Callable[[], None]


def test_une_initiative_s_accueille_avance_et_revient(
    page: Page, entrer: Entrer, voir: Voir, distribution: Distribution
) -> None:
    entrer("bruno")
    page.goto("/espace/initiatives/")
    expect(page.get_by_text("Aucune initiative pour l’instant")).to_be_visible()
    voir()
    page.get_by_role("link", name="Accueillir une initiative").first.click()
    page.get_by_label("De quoi s’agit-il").fill("Un composteur place du Moulin")
    page.get_by_label("Portée par").fill("Madame Martin")
    bouton(page, "Accueillir")
    expect(page.locator(".erreur").first).to_contain_text("Madame Martin")
    voir()
    page.get_by_label("Portée par").fill("Les voisins du Moulin")
    bouton(page, "Accueillir")
    expect(page.locator(".messages")).to_contain_text("est accueillie")
    page.get_by_label("Où elle en est").select_option("en_montage")
    bouton(page, "Noter")
    expect(page.locator(".messages")).to_contain_text("C’est noté.")
    voir()
    bouton(page, "Retirer cette date")
    expect(page.locator(".messages")).to_contain_text("Ce pas est retiré.")
    assert Initiative.objects.get().etat == EtatInitiative.IDEE


def test_les_pages_du_benevolat_se_lisent(
    page: Page, entrer: Entrer, voir: Voir, distribution: Distribution
) -> None:
    engagee = BenevoleFactory(personne__structure=distribution.deux_ponts)
    HeuresFactory(structure=distribution.deux_ponts, benevole=engagee)
    HeuresFactory(structure=distribution.deux_ponts, nombre=3)
    FormationFactory(benevole=engagee)
    entrer("ines")
    page.goto("/espace/benevolat/")
    voir()
    for adresse in ("/espace/benevoles/", "/espace/benevoles/nouvelle/?q=berger"):
        page.goto(adresse)
        expect(page.get_by_text("Berger").first).to_be_visible()
        voir()
    page.goto(f"/espace/benevoles/{engagee.pk}/")
    voir()
    page.get_by_label("Heures", exact=True).fill("2,5")
    page.get_by_label("Pour quoi faire").fill("Cuisine")
    page.get_by_label("Pour quoi faire").press("Enter")
    expect(page.locator(".messages")).to_contain_text("Les heures sont notées.")


def test_aujourd_hui_et_mon_mois_se_lisent(
    page: Page, entrer: Entrer, voir: Voir, distribution: Distribution
) -> None:
    activite = ActiviteFactory(structure=distribution.deux_ponts, animateurs=[distribution.farid])
    PresenceFactory(seance=SeanceFactory(activite=activite, etat="tenue"))
    entrer("farid")
    page.goto("/espace/")
    expect(page.get_by_role("heading", name="Séances du jour")).to_be_visible()
    expect(page.get_by_role("heading", name="Passages du jour")).to_be_visible()
    voir()
    page.goto("/espace/mon-mois/")
    voir()
