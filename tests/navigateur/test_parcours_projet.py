"""Ouvrir un projet et le mener jusqu'à l'agrément, dans un vrai navigateur, comme une directrice qui débute."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from maillage.projets.models import ProjetSocial
from tests.distribution import Distribution
from tests.fabriques import CommuneFactory
from tests.navigateur.conftest import bouton
from tests.projets.fabriques import FicheActionFactory, MorceauFactory, arbre_d_essai

pytestmark = pytest.mark.django_db(transaction=True)
Entrer = Callable[[str], None]
Voir = Callable[[], None]


@pytest.mark.aussi_sur_postgresql
def test_une_directrice_ouvre_un_projet_et_le_mene_a_l_agrement(
    page: Page, distribution: Distribution, entrer: Entrer, voir: Voir
) -> None:
    CommuneFactory(code_insee="63999", nom="Valserre")
    entrer("amina")
    page.goto("/espace/projets/")
    expect(page.get_by_role("heading", name="Aucun projet pour l’instant")).to_be_visible()
    voir()
    page.get_by_role("main").get_by_role("link", name="Commencer un projet").click()
    page.get_by_label("Nom du projet").fill("Projet social 2027-2030")
    page.get_by_label("Premier jour").fill("2027-01-01")
    page.get_by_label("Dernier jour").fill("2031-12-31")
    bouton(page, "Commencer")
    expect(page.get_by_role("alert")).to_contain_text("quatre ans au plus")
    voir()
    page.get_by_label("Dernier jour").fill("2030-12-31")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Projet social 2027-2030")
    voir()

    page.get_by_role("link", name="Cadre", exact=True).click()
    page.get_by_role("link", name="Dire le territoire").click()
    page.get_by_label("Ajouter une commune").fill("vals")
    page.keyboard.press("Enter")
    bouton(page, "Ajouter Valserre")
    page.get_by_label("Nom", exact=True).fill("Hameau du Moulin")
    bouton(page, "Ajouter cette zone")
    expect(page.get_by_role("listitem").filter(has_text="Hameau du Moulin").first).to_be_visible()
    voir()
    page.get_by_role("link", name="Revenir au cadre").click()
    page.get_by_role("main").get_by_role("listitem").get_by_role("link", name="Gouvernance").last.click()
    page.get_by_role("link", name="Ajouter la première").click()
    page.get_by_label("Nom", exact=True).fill("Comité d’usagers")
    bouton(page, "Ajouter cette instance")
    voir()
    bouton(page, "Retirer cette instance")
    bouton(page, "Remettre")
    expect(page.get_by_role("heading", name="Comité d’usagers")).to_be_visible()
    voir()

    page.get_by_role("link", name="Cadre", exact=True).first.click()
    page.get_by_role("link", name="Tableaux du diagnostic").click()
    page.get_by_role("link", name="Écrire les tableaux").click()
    page.get_by_label("Titre").fill("Familles")
    page.get_by_label("Colonne 1", exact=True).fill("Les Tilleuls")
    page.get_by_label("Ligne 1", exact=True).fill("Un seul parent")
    page.keyboard.press("Tab")
    page.keyboard.type("31 %")
    bouton(page, "Ajouter et continuer")
    expect(page.get_by_label("Ligne 1, colonne 1")).to_have_value("31 %")
    voir()
    page.get_by_label("Ligne 1, colonne 1").fill("33 %")
    bouton(page, "Enregistrer")
    expect(page.get_by_role("cell", name="33 %")).to_be_visible()
    bouton(page, "Remettre comme avant")
    expect(page.get_by_role("cell", name="31 %")).to_be_visible()
    voir()

    page.get_by_role("link", name="Cadre", exact=True).first.click()
    page.get_by_role("link", name="Rétroplanning").click()
    bouton(page, "Poser le rétroplanning")
    bouton(page, "Fait : Lancer le renouvellement")
    expect(page.get_by_role("button", name="À refaire")).to_have_count(1)
    voir()
    page.get_by_role("link", name="Débattre et choisir les enjeux").click()
    page.get_by_label("Pour le").fill("2030-05-15")
    page.get_by_label("Qui").select_option(label="Bruno Castel")
    bouton(page, "Enregistrer")
    expect(page.get_by_role("listitem").filter(has_text="Débattre").first).to_contain_text("15 mai 2030")

    page.get_by_role("link", name="L’essentiel").click()
    page.get_by_role("link", name="L’agrément").click()
    page.get_by_role("link", name="Envoyer le dossier").click()
    expect(page.get_by_text("L’arbre n’a pas encore d’axe.")).to_be_visible()
    voir()
    bouton(page, "Envoyer le dossier")
    expect(page.get_by_text("Vérifiée à l’instant")).to_be_visible()
    voir()
    page.get_by_role("link", name="Projet social 2027-2030").first.click()
    page.get_by_role("link", name="L’agrément").click()
    page.get_by_role("link", name="Noter la réponse").click()
    page.get_by_label("Accordée").check()
    voir()
    bouton(page, "Noter la réponse")
    expect(page.locator(".messages")).to_contain_text("notée")
    voir()
    bouton(page, "Revenir à l’état d’avant")
    expect(page.locator(".messages")).to_contain_text("Soumis à la Caf")
    projet = ProjetSocial.objects.get()
    assert not projet.structure.agrements.exists()


def test_repartir_du_projet_d_avant_et_ranger_un_passage(
    page: Page, distribution: Distribution, entrer: Entrer, voir: Voir
) -> None:
    ancien = arbre_d_essai(distribution.deux_ponts, nom="Projet d’avant")
    FicheActionFactory(projet=ancien, titre="Arrêtée", etat="arretee")
    MorceauFactory(projet=ancien)
    entrer("amina")
    page.goto("/espace/projets/nouveau/")
    page.get_by_label("Nom du projet").fill("La suite")
    page.get_by_label("Premier jour").fill("2029-01-01")
    page.get_by_label("Dernier jour").fill("2032-12-31")
    page.get_by_label("Il fait suite à").select_option(label="Projet d’avant")
    bouton(page, "Commencer")
    voir()
    page.get_by_label("A-03 Le prêt de vélos").uncheck()
    bouton(page, "Reprendre ce qui est coché")
    expect(page.locator(".messages")).to_contain_text("4 fiches à relire")

    page.goto(f"/espace/projets/{ancien.pk}/cadre/a-ranger/")
    voir()
    page.get_by_role("link", name="Ranger le passage").click()
    page.get_by_label("Le ranger dans").select_option(label="A-03 Le prêt de vélos")
    page.get_by_label("Champ de la fiche").select_option(label="Contexte")
    voir()
    bouton(page, "Ranger")
    page.locator("summary", has_text="dont on a décidé").click()
    voir()
    bouton(page, "Revenir dessus : « Un passage que rien ne reconnaît. »")
    expect(page.locator(".tel-quel")).to_have_text("Un passage que rien ne reconnaît.")
