"""Bruno range l'arbre au clavier et à la souris, défait, cherche ; le tableau, le calendrier et le dessin suivent."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from maillage.projets.lecture import lire_arbre
from maillage.projets.models import Axe, Etape, FicheAction, ProjetSocial
from maillage.projets.operations.specifiques import mettre_dans_les_projets
from tests.distribution import Distribution
from tests.projets.fabriques import AxeFactory, ProjetSpecifiqueFactory, arbre_d_essai

pytestmark = pytest.mark.django_db(transaction=True)
Entrer = Callable[[str], None]
Voir = Callable[[], None]


@pytest.fixture
def projet(distribution: Distribution) -> ProjetSocial:
    social = arbre_d_essai(distribution.deux_ponts, en_cours=True)
    AxeFactory(projet=social, lettre="T", titre="Accueillir", couleur="miel", est_transversal=True, rang=3)
    velos = FicheAction.objects.get(titre__contains="vélos")
    Etape.objects.create(fiche=velos, titre="Acheter dix vélos", du="2026-01-15", au="2026-03-31")
    familles = ProjetSpecifiqueFactory(projet=social, presentation="Ce qui soutient les parents.")
    mettre_dans_les_projets(velos, [familles], par=distribution.bruno)
    return social


def _numeros(projet: ProjetSocial) -> list[str]:
    return [str(lue) for lue in lire_arbre(projet).fiches]


@pytest.mark.aussi_sur_postgresql
def test_au_clavier_puis_a_la_souris_une_fiche_change_de_place_et_revient(
    page: Page, entrer: Entrer, voir: Voir, projet: ProjetSocial
) -> None:
    entrer("bruno")
    page.goto(f"/espace/projets/{projet.pk}/arbre/")
    voir()
    velos = page.get_by_role("link", name="Le prêt de vélos").first
    velos.focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator(".messages")).to_contain_text("a sa nouvelle place")
    expect(page.get_by_role("link", name="A-03 Le prêt de vélos")).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.get_by_role("link", name="A-02 Le prêt de vélos")).to_be_focused()
    voir()
    page.keyboard.press("Control+z")
    expect(page.get_by_role("link", name="A-03 Le prêt de vélos")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("summary", has_text="Rendre les démarches")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(velos).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect(velos).to_be_visible()

    page.get_by_role("link", name="Tout ouvrir").click()
    page.locator("[data-noeud^=fiche]", has_text="Rendez-vous emploi").drag_to(
        page.locator("summary", has_text="Multiplier les occasions")
    )
    expect(page.get_by_role("link", name="B-02 Rendez-vous emploi du mardi")).to_be_visible()
    page.locator("[data-noeud^=fiche]", has_text="B-02 Rendez-vous emploi").drag_to(
        page.locator("[data-noeud^=fiche]", has_text="B-01"), target_position={"x": 40, "y": 3}
    )
    expect(page.get_by_role("link", name="B-01 Rendez-vous emploi du mardi")).to_be_visible()
    page.get_by_role("button", name="Défaire").click()
    expect(page.get_by_role("link", name="B-02 Rendez-vous emploi du mardi")).to_be_visible()
    assert "B-02 Rendez-vous emploi du mardi" in _numeros(projet)

    page.get_by_label("Chercher dans l’arbre").fill("fete palier")
    expect(page.get_by_role("link", name="La fête des paliers")).to_be_visible()
    expect(page.locator("[data-noeud^=fiche]:visible")).to_have_count(1)
    voir()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="B-01 La fête des paliers").focus()
    page.keyboard.press("r")
    expect(page.get_by_role("heading", level=1)).to_contain_text("La fête des paliers")
    voir()
    page.get_by_role("button", name="Monter").click()
    expect(page).to_have_url(f"/espace/projets/{projet.pk}/arbre/#fiche-{_pk('paliers')}")


def _pk(titre: str) -> int:
    return FicheAction.objects.get(titre__contains=titre).pk


def test_les_autres_pages_de_l_arbre_se_lisent_dans_chaque_etat(
    page: Page, entrer: Entrer, voir: Voir, projet: ProjetSocial
) -> None:
    entrer("amina")
    base = f"/espace/projets/{projet.pk}"
    axe = Axe.objects.get(lettre="A").pk
    for adresse in (
        "/arbre/ajouter/axe/",
        f"/arbre/axe/{axe}/",
        f"/arbre/specifique/{projet.specifiques.get().pk}/",
        "/arbre/dessin/",
        "/tableau/?tri=-titre",
        "/tableau/?etat=terminee",
        "/calendrier/",
    ):
        page.goto(base + adresse)
        voir()
    page.goto(f"{base}/arbre/numeros/")
    page.get_by_label("Modèle de numéro").fill("{axe}")
    expect(page.get_by_text("Ajoutez {rang}")).to_be_visible()
    voir()
    page.get_by_label("Modèle de numéro").fill("4.{axe}.{rang}")
    expect(page.get_by_role("cell", name="4.A.3")).to_be_visible()
    page.get_by_role("button", name="Appliquer").click()
    expect(page.get_by_role("link", name="4.A.3 Le prêt de vélos")).to_be_visible()
    voir()
