"""Amina tient ses instances et son budget : un mandat, une réunion, une décision, une grille au clavier."""

import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from maillage.projets.models import Budget, ProjetSocial, Reunion
from tests.distribution import Distribution
from tests.navigateur.conftest import bouton
from tests.projets.fabriques import InstanceFactory, arbre_d_essai

pytestmark = pytest.mark.django_db(transaction=True)
Entrer = Callable[[str], None]
Voir = Callable[[], None]


@pytest.fixture
def projet(distribution: Distribution) -> ProjetSocial:
    return arbre_d_essai(distribution.deux_ponts, en_cours=True)


def test_une_instance_ses_membres_une_reunion_et_ce_qu_elle_decide(
    page: Page, entrer: Entrer, voir: Voir, projet: ProjetSocial
) -> None:
    entrer("amina")
    page.goto(f"/espace/projets/{projet.pk}/gouvernance/")
    expect(page.get_by_text("Aucune instance encore")).to_be_visible()
    voir()
    page.get_by_role("link", name="Ajouter la première").click()
    page.get_by_label("Nom", exact=True).fill("Comité de pilotage")
    page.get_by_label("Genre").select_option("comite_de_pilotage")
    page.get_by_label("Nous voulons la parité").check()
    voir()
    bouton(page, "Ajouter cette instance")
    voir()
    page.get_by_role("link", name="Régler les collèges").click()
    page.get_by_label("Habitants").fill("4")
    page.get_by_label("Élus").fill("2")
    voir()
    bouton(page, "Enregistrer")
    expect(page.get_by_text("La parité voulue est tenue")).to_be_visible()
    page.get_by_role("link", name="Ouvrir un mandat").click()
    page.get_by_label("Prénom ou fonction").fill("Fatou 06 12 34 56 78")
    bouton(page, "Ouvrir ce mandat")
    expect(page.locator(".erreur").first).to_contain_text("Pas de coordonnées ici")
    voir()
    page.get_by_label("Prénom ou fonction").fill("Fatou")
    bouton(page, "Ouvrir ce mandat")
    page.get_by_role("link", name="Poser une réunion").click()
    page.get_by_label("Jour", exact=True).fill(str(timezone.localdate()))
    page.get_by_label("Ordre du jour").fill("- Le bilan de l’année")
    voir()
    bouton(page, "Poser cette réunion")
    voir()
    page.get_by_role("link", name="Noter qui était là").click()
    page.get_by_label("Là", exact=True).check()
    page.get_by_label("Combien : Élus").fill("1")
    voir()
    bouton(page, "Enregistrer les présences")
    expect(page.get_by_text("50 %").first).to_be_visible()
    page.get_by_role("link", name="Ajouter une décision").click()
    page.get_by_label("Ce qui est décidé").fill("Ouvrir une heure de plus le mercredi.")
    voir()
    bouton(page, "Enregistrer")
    page.get_by_role("link", name="Commencer le compte rendu").click()
    page.get_by_label("Compte rendu").fill("Les fiches avancent comme prévu.")
    voir()
    bouton(page, "Enregistrer")
    voir()
    page.get_by_role("link", name="À imprimer").click()
    expect(page.get_by_text("Les fiches avancent comme prévu.")).to_be_visible()
    voir()
    assert Reunion.objects.get().etat == "tenue"
    page.goto(f"/espace/projets/{projet.pk}/gouvernance/")
    expect(page.get_by_text("Ouvrir une heure de plus le mercredi.").first).to_be_visible()
    voir()
    page.goto(f"/espace/projets/{projet.pk}/gouvernance/participation/")
    voir()


def test_une_grille_se_remplit_au_clavier_et_se_colle(
    page: Page, entrer: Entrer, voir: Voir, projet: ProjetSocial
) -> None:
    InstanceFactory(projet=projet)
    entrer("amina")
    page.goto(f"/espace/projets/{projet.pk}/budget/")
    voir()
    page.goto(f"/espace/projets/{projet.pk}/budget/2026/")
    voir()
    page.get_by_role("link", name="Écrire le budget du centre").click()
    premiere = page.locator("#id_p60")
    premiere.focus()
    premiere.fill("1 250,5")
    premiere.press("Enter")
    expect(page.locator("#id_p61")).to_be_focused()
    page.locator("#id_p61").press("Tab")
    expect(page.locator("#id_r61")).to_be_focused()
    page.locator("#id_p62").evaluate(
        """(entree) => { const donnees = new DataTransfer(); donnees.setData("text/plain", "100\\t90\\n49,5\\t60\\n");
        const colle = { clipboardData: donnees, bubbles: true, cancelable: true };
        entree.dispatchEvent(new ClipboardEvent("paste", colle)) }"""
    )
    expect(page.locator("#id_r63")).to_have_value("60")
    page.locator("#id_p74").fill("treize")
    bouton(page, "Enregistrer")
    expect(page.locator(".fautif").first).to_contain_text("Donnez un nombre")
    voir()
    page.locator("#id_p74").fill("1 400")
    bouton(page, "Enregistrer et rester")
    expect(page.get_by_text("Le prévu est à l’équilibre.")).to_be_visible()
    voir()
    assert Budget.objects.get().lignes.count() == 4
    page.goto(f"/espace/projets/{projet.pk}/budget/2026/financeurs/nouveau/")
    page.get_by_label("Financeur").fill("Ville de Gerzat")
    page.get_by_label("Demandé, en euros").fill("1 400")
    voir()
    bouton(page, "Enregistrer")
    expect(page.get_by_text(re.compile("Le plan fait exactement"))).to_be_visible()
    voir()
    page.goto(f"/espace/projets/{projet.pk}/budget/2026/document/")
    voir()
    page.goto(f"/espace/projets/{projet.pk}/budget/2026/importer/")
    voir()
