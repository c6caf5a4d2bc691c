"""Les petits gestes : suivre la demande d'un passage, relire une note, montrer le code de l'avis, ranger un thème."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from maillage.accueil.models import DemandeASuivre, Passage
from maillage.accueil.operations.types import adopter_la_liste_de_depart
from maillage.activites.operations.inscriptions import desister, inscrire_personne
from maillage.activites.operations.themes import proposer_theme
from tests.activites.fabriques import ActiviteFactory, SeanceFactory
from tests.distribution import Distribution
from tests.navigateur.conftest import TELEPHONE, bouton
from tests.personnes.fabriques import PersonneFactory

pytestmark = pytest.mark.django_db(transaction=True)
Entrer = Callable[[str], None]
Voir = Callable[[], None]
AU_DOIGT = pytest.mark.parametrize("contexte", [{"viewport": TELEPHONE, "has_touch": True}], indirect=True)


@AU_DOIGT
def test_du_passage_a_la_demande_a_suivre_relue_pendant_la_frappe_et_retour(
    page: Page, entrer: Entrer, voir: Voir, distribution: Distribution
) -> None:
    adopter_la_liste_de_depart(distribution.deux_ponts, par=distribution.amina)
    entrer("ines")
    page.goto(f"/espace/comptoir/{distribution.deux_ponts.pk}/")
    page.locator("[data-chiffre='2']").tap()
    expect(page.locator("[data-envoi-dit]")).to_have_text("Tout est enregistré")
    page.get_by_role("link", name="Noter ce qu’il reste à faire").tap()
    objet = page.get_by_label("Ce qu’il reste à faire")
    expect(objet).to_have_value("Démarche en ligne : ")
    objet.fill("Rappeler la dame dépressive")
    doute = page.locator(".doute")
    expect(doute).to_contain_text("la santé d’une personne")
    voir()
    doute.get_by_role("button", name="Retirer").tap()
    expect(doute).to_have_count(0)
    expect(objet).to_have_value("Rappeler la dame")
    page.get_by_label("À faire avant le").fill("2026-12-01")
    bouton(page, "Enregistrer")
    expect(page.get_by_text("La demande est à suivre.")).to_be_visible()
    expect(page.locator("[data-passages]")).to_have_text("1")
    voir()
    assert DemandeASuivre.objects.get().passage == Passage.objects.get()


@AU_DOIGT
def test_une_place_liberee_se_propose_et_se_dit_a_qui_anime(
    page: Page, entrer: Entrer, voir: Voir, distribution: Distribution
) -> None:
    activite = ActiviteFactory(structure=distribution.deux_ponts, capacite=1, animateurs=[distribution.bruno])
    inscrites = [
        inscrire_personne(activite, personne, par=distribution.ines)
        for personne in PersonneFactory.create_batch(3, structure=distribution.deux_ponts)
    ]
    desister(inscrites[0], par=distribution.ines)
    entrer("bruno")
    page.goto("/espace/inscriptions/aujourdhui/")
    expect(page.get_by_text("Une place s’est libérée")).to_be_visible()
    voir()
    page.get_by_role("link", name="Voir les inscriptions").tap()
    voir()
    page.get_by_role("button", name="Refuse").tap()
    expect(page.get_by_text("la place va à la suivante")).to_be_visible()
    page.get_by_role("button", name="Accepte").tap()
    expect(page.get_by_text("La place est donnée.")).to_be_visible()
    inscrites[2].refresh_from_db()
    assert inscrites[2].etat == "inscrite"


def test_le_code_de_l_avis_se_montre_et_un_theme_descend_au_clavier(
    page: Page, entrer: Entrer, voir: Voir, distribution: Distribution
) -> None:
    activite = ActiviteFactory(structure=distribution.deux_ponts)
    for titre in ("Le marché", "La recette"):
        proposer_theme(activite, titre=titre, par=distribution.bruno)
    seance = SeanceFactory(activite=activite)
    entrer("bruno")
    page.goto(f"/espace/seances/{seance.pk}/")
    page.get_by_role("link", name="le code à scanner").click()
    expect(page.get_by_role("img", name="Code à scanner pour donner son avis")).to_be_visible()
    voir()
    page.goto(f"/espace/activites/{activite.pk}/")
    descendre = page.get_by_role("button", name="Descendre Le marché")
    descendre.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Monter Le marché")).to_be_visible()
    voir()
    assert [theme.titre for theme in activite.themes.all()] == ["La recette", "Le marché"]
