"""Farid dit ce que compte un indicateur : au clavier avec un script, et sans script ; la phrase est annoncée."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from maillage.projets.choices import SourceIndicateur
from maillage.projets.models import Indicateur
from tests.distribution import Distribution
from tests.navigateur.conftest import bouton
from tests.projets.fabriques import FicheActionFactory, IndicateurFactory, ProjetSocialFactory

pytestmark = pytest.mark.django_db(transaction=True)
Entrer = Callable[[str], None]
Voir = Callable[[], None]


@pytest.fixture
def indicateur(distribution: Distribution) -> Indicateur:
    fiche = FicheActionFactory(projet=ProjetSocialFactory(structure=distribution.deux_ponts))
    return IndicateurFactory(fiche=fiche, libelle="Nombre de parents venus aux sorties")


def adresse(indicateur: Indicateur, page: str = "phrase") -> str:
    return reverse(f"indicateur_{page}", args=[indicateur.pk])


def test_au_clavier_la_phrase_se_redit_a_chaque_choix_sans_perdre_sa_place(
    page: Page, entrer: Entrer, voir: Voir, indicateur: Indicateur
) -> None:
    entrer("farid")
    page.goto(reverse("indicateur", args=[indicateur.pk]))
    page.get_by_role("link", name="Le dire en une phrase").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Que compte cet indicateur ?")
    voir()
    dite = page.get_by_role("status").filter(has_text="Nombre de")
    expect(dite).to_contain_text("venues comme parents aux sorties de cette action")
    fois = page.get_by_label("Combien de fois")
    fois.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(dite).to_contain_text("venues au moins 3 fois comme parents")
    expect(fois).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Venus comme quoi")).to_be_focused()
    page.get_by_text("Préciser avec vos mots").press("Enter")
    page.get_by_label("Quartier où l’on habite").fill("Les Peupliers")
    page.keyboard.press("Tab")
    expect(dite).to_contain_text("habitant « Les Peupliers »")
    voir()
    page.get_by_role("button", name="Enregistrer cette phrase").press("Enter")
    expect(page.get_by_text("La phrase est enregistrée.")).to_be_visible()
    indicateur.refresh_from_db()
    assert indicateur.source == SourceIndicateur.CALCUL
    assert (indicateur.definition["au_moins"], indicateur.definition["filtres"]["quartier"]) == (
        3,
        ["Les Peupliers"],
    )


def test_changer_de_mesure_change_les_menus(
    page: Page, entrer: Entrer, voir: Voir, indicateur: Indicateur
) -> None:
    entrer("farid")
    page.goto(adresse(indicateur))
    page.get_by_label("Ce que l’on suit").select_option("partenaires")
    expect(page.get_by_label("Quel âge")).to_have_count(0)
    expect(page.get_by_role("status").filter(has_text="partenaires différents")).to_be_visible()
    page.get_by_label("Et aussi, 1").select_option("evolution")
    expect(page.get_by_label("L’évolution de quoi")).to_be_visible()
    voir()


def test_on_part_d_un_modele(page: Page, entrer: Entrer, voir: Voir, indicateur: Indicateur) -> None:
    entrer("farid")
    page.goto(adresse(indicateur))
    page.get_by_role("link", name="Choisir un modèle").click()
    page.get_by_label("Des mots").fill("heures de bénévolat")
    bouton(page, "Chercher")
    voir()
    page.get_by_role("link", name="Prendre « Nombre d’heures de bénévolat »").click()
    expect(page.get_by_role("status").filter(has_text="heures de bénévolat")).to_be_visible()
    bouton(page, "Enregistrer cette phrase")
    expect(page.get_by_text("La phrase est enregistrée.")).to_be_visible()


def test_on_accepte_les_phrases_d_une_fiche_et_on_y_ajoute_un_modele(
    page: Page, entrer: Entrer, voir: Voir, indicateur: Indicateur
) -> None:
    IndicateurFactory(fiche=indicateur.fiche, libelle="Nombre de brouettes")
    entrer("farid")
    page.goto(reverse("indicateurs", args=[indicateur.fiche_id]))
    page.get_by_role("link", name="Ce que Maillage peut compter").click()
    voir()
    page.get_by_label(indicateur.libelle).check()
    bouton(page, "Accepter ce qui est coché")
    expect(page.locator(".messages")).to_contain_text("de plus")
    page.get_by_role("link", name="Choisir un modèle").click()
    voir()
    page.locator("summary", has_text="Bénévolat").click()
    bouton(page, "Ajouter « Nombre de bénévoles différents »")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nombre de bénévoles différents")
    voir()


@pytest.mark.parametrize("contexte", [{"java_script_enabled": False}], indirect=True)
def test_sans_script_on_redit_la_phrase_puis_on_l_enregistre(
    page: Page, entrer: Entrer, indicateur: Indicateur
) -> None:
    entrer("farid")
    page.goto(adresse(indicateur))
    page.get_by_label("Ce que l’on suit").select_option("seances")
    bouton(page, "Redire la phrase")
    expect(page.get_by_role("status").filter(has_text="Nombre de sorties qui ont eu lieu")).to_be_visible()
    bouton(page, "Enregistrer cette phrase")
    expect(page.get_by_text("La phrase est enregistrée.")).to_be_visible()
    indicateur.refresh_from_db()
    assert indicateur.definition == {"mesures": ["seances"], "filtres": {"genre_seance": ["sortie"]}}
