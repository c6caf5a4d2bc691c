"""Farid décrit un indicateur, note une année au clavier, écrit le bilan à chaque pause ; Amina suit et clôt."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from maillage.projets.models import BilanDeFiche, FicheAction, Indicateur, Releve
from tests.distribution import Distribution
from tests.navigateur.conftest import bouton
from tests.projets.fabriques import IndicateurFactory, arbre_d_essai

pytestmark = pytest.mark.django_db(transaction=True)
Entrer = Callable[[str], None]
Voir = Callable[[], None]


@pytest.fixture
def fiche(distribution: Distribution) -> FicheAction:
    projet = arbre_d_essai(distribution.deux_ponts, en_cours=True)
    trouvee: FicheAction = projet.fiches.get(titre="Le café des clics au marché")
    return trouvee


def test_un_indicateur_se_decrit_se_note_et_se_lit(
    page: Page, entrer: Entrer, voir: Voir, fiche: FicheAction
) -> None:
    entrer("farid")
    page.goto(f"/espace/projets/fiches/{fiche.pk}/indicateurs/")
    expect(page.get_by_text("Aucun indicateur encore")).to_be_visible()
    voir()
    page.get_by_role("link", name="Ajouter un nombre à suivre").click()
    page.get_by_label("Ce que vous regarderez").fill("Nombre de cafés tenus")
    page.get_by_label("Cible 2026").fill("soixante")
    bouton(page, "Ajouter cet indicateur")
    expect(page.locator(".erreur").first).to_contain_text("Donnez un nombre, par exemple 60.")
    voir()
    page.get_by_label("Cible 2026").fill("1 234,5")
    bouton(page, "Ajouter cet indicateur")
    expect(page.locator(".messages")).to_contain_text("L’indicateur est ajouté.")
    voir()
    nombre = Indicateur.objects.get()
    suivant = IndicateurFactory(fiche=fiche, libelle="Nombre de venues", rang=2)
    question = IndicateurFactory(
        fiche=fiche, liste="qualitative", libelle="Les gens refont-ils le geste seuls ?"
    )
    page.get_by_role("link", name="Noter 2026").click()
    expect(page).to_have_url(re.compile(r"/valeurs/2026/"))
    # Au clavier : une colonne collée, puis la réponse aux flèches, puis Entrée.
    champ = page.locator(f"#id_i{nombre.pk}-valeur")
    champ.focus()
    champ.evaluate(
        """(entree) => { const donnees = new DataTransfer(); donnees.setData("text/plain", "36\\n1 200\\n");
        const colle = { clipboardData: donnees, bubbles: true, cancelable: true };
        entree.dispatchEvent(new ClipboardEvent("paste", colle)) }"""
    )
    expect(page.locator(f"#id_i{suivant.pk}-valeur")).to_have_value("1 200")
    expect(page.locator(f"#id_i{suivant.pk}-valeur")).to_be_focused()
    page.locator(f"[name=i{question.pk}-niveau][value=plutot_oui]").focus()
    page.keyboard.press("Space")
    page.get_by_text("Les mots, une parole, qui en a jugé").click()
    voir()
    champ.press("Enter")
    expect(page.locator("#garde")).to_contain_text("Enregistré à")
    assert dict(Releve.objects.filter(valeur__gt=0).values_list("indicateur", "valeur")) == {
        nombre.pk: 36,
        suivant.pk: 1200,
    }
    page.goto(f"/espace/projets/indicateurs/{nombre.pk}/")
    expect(page.get_by_text("Sous la cible")).to_be_visible()
    page.get_by_text("Voir le tableau").click()
    voir()
    page.goto(f"/espace/projets/indicateurs/{question.pk}/")
    expect(page.get_by_text("Plutôt oui")).to_be_visible()
    voir()
    page.goto(f"/espace/projets/indicateurs/{nombre.pk}/modifier/")
    voir()
    page.get_by_text("Changer de liste, ou supprimer").click()
    bouton(page, "Supprimer cet indicateur")
    bouton(page, "Annuler")
    expect(page.locator(".messages")).to_contain_text("de nouveau là, avec ses valeurs")


def test_le_bilan_s_enregistre_a_chaque_pause_puis_se_clot(
    page: Page, entrer: Entrer, voir: Voir, fiche: FicheAction
) -> None:
    IndicateurFactory(fiche=fiche)
    entrer("amina")
    page.goto(f"/espace/projets/{fiche.projet_id}/suivi/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Où en sont les fiches ?")
    page.get_by_text("Le compte par axe").click()
    voir()
    page.locator("#facette-retard label").first.click()
    expect(page).to_have_url(re.compile(r"retard="))
    page.goto(f"/espace/projets/{fiche.projet_id}/suivi/2026/")
    voir()
    page.get_by_role("link", name=re.compile("A-02 Le café des clics")).click()
    page.get_by_label("Ce qui a marché").fill("Le mardi, au marché, on vient sans rendez-vous.")
    expect(page.locator("#garde")).to_contain_text("Enregistré à")
    assert BilanDeFiche.objects.get().a_marche.startswith("Le mardi")
    page.get_by_label("Atteint en partie").check()
    page.get_by_label("Améliorer").check()
    expect(page.locator("#reste")).not_to_contain_text("la suite")
    voir()
    bouton(page, "Clore ce bilan")
    expect(page.locator(".messages")).to_contain_text("Le bilan de 2026 est clos.")
    voir()
    page.goto(f"/espace/projets/{fiche.projet_id}/suivi/2026/bilan/")
    expect(page.get_by_text("on vient sans rendez-vous")).to_be_visible()
    voir()
