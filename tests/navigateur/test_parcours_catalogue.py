"""Le catalogue dans un vrai navigateur : chercher, filtrer, lire, garder ; au clavier, sans script, au téléphone."""

import gzip
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Response, expect

from maillage.catalogue.choices import FamilleTerme
from tests.fabriques import ExperienceFactory, PartenaireFactory, StructureFactory, TermeFactory
from tests.navigateur.conftest import LARGE, TELEPHONE
from tests.navigateur.test_pages_publiques import (
    DECALAGE_MAX,
    DEMANDES_MAX,
    ENTETES,
    OBSERVER_LES_DECALAGES,
    POIDS_MAX,
)

pytestmark = pytest.mark.django_db(transaction=True)
FICHE = "/experiences/cafe01/le-cafe-des-clics/"
ETATS = {
    "toutes": "/experiences/",
    "filtres": "/experiences/#filtres",
    "corrigee": "/experiences/?q=numerqiue",
    "filtree": "/experiences/?q=numerique&public=seniors&statut=en_cours",
    "aucune": "/experiences/?q=numerique&statut=terminee&public=seniors",
    "deuxieme page": "/experiences/?tri=titre&page=2",
    "fiche": FICHE,
    "retiree": "/e/retire1",
}
PAGES = [ETATS["toutes"], ETATS["corrigee"], FICHE]
ecrans = pytest.mark.parametrize(
    "contexte", [{"viewport": LARGE}, {"viewport": TELEPHONE}], indirect=True, ids=["large", "360"]
)


@pytest.fixture(autouse=True)
def catalogue(transactional_db: None, indexer: Callable[[], int]) -> None:
    """Vingt-huit fiches, dont trois parlent de numérique ; une seule pour les seniors."""
    centre = StructureFactory(nom="Centre social du Vieux-Chêne")
    publics = {nom: TermeFactory(famille=FamilleTerme.PUBLIC, libelle=nom) for nom in ("Seniors", "Adultes")}
    TermeFactory(famille=FamilleTerme.PUBLIC, libelle="Enfance")
    services = TermeFactory(famille=FamilleTerme.DIMENSION, libelle="Services")
    mots = [TermeFactory(libelle=f"Mot clé {n}") for n in range(8)]
    ExperienceFactory(
        code="cafe01",
        slug="le-cafe-des-clics",
        titre="Le café des clics",
        structure=centre,
        resume="Une table au marché, où les aidants numériques du quartier montrent.",
        ressources_financieres="Environ 14 000 euros. " + "Le reste vient de l’animation globale. " * 8,
        personnes_mobilisees="Deux salariées et neuf bénévoles.",
        resultat_habitants="86 personnes différentes en 2025.",
        limites="En hiver, presque personne ne s’arrête.",
        termes=[services, publics["Seniors"], *mots],
        partenaires=[PartenaireFactory(nom="Carsat")],
    )
    for titre, statut in (("Un bus numérique", "en_cours"), ("La tablette numérique", "terminee")):
        ExperienceFactory(titre=titre, statut=statut, structure=centre, termes=[services, publics["Adultes"]])
    ExperienceFactory.create_batch(25, structure=centre, termes=[mots[0]])
    ExperienceFactory(code="retire1", retiree=True, structure=centre)
    indexer()


@ecrans
@pytest.mark.parametrize("etat", ETATS)
def test_chaque_etat_est_sans_obstacle(page: Page, etat: str, sans_obstacle: Callable[[Page], None]) -> None:
    page.goto(ETATS[etat])
    for repli in page.locator("details:not([open]) > summary").all():
        if repli.is_visible():
            repli.click()
    sans_obstacle(page)


@pytest.mark.parametrize("adresse", PAGES)
def test_le_catalogue_est_leger_stable_et_sans_cookie(
    page: Page, contexte: BrowserContext, adresse: str
) -> None:
    """Cache froid, corps comptés compressés comme en service (le serveur d'essai ne compresse pas)."""
    reponses: list[Response] = []
    page.on("response", lambda reponse: reponses.append(reponse))
    page.add_init_script(OBSERVER_LES_DECALAGES)
    page.goto(adresse, wait_until="networkidle")
    poids = sum(min(len(corps := r.body()), len(gzip.compress(corps))) + ENTETES for r in reponses)
    assert poids <= POIDS_MAX, {r.url: len(r.body()) for r in reponses}
    assert len(reponses) <= DEMANDES_MAX, [r.url for r in reponses]
    assert page.evaluate("window.decalage") <= DECALAGE_MAX
    assert not contexte.cookies()


@pytest.mark.aussi_sur_postgresql
def test_au_clavier_seul_on_cherche_on_filtre_on_lit_et_on_revient(page: Page) -> None:
    page.goto("/experiences/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    recherche = page.get_by_role("combobox", name="Chercher")
    jusqu_a(page, recherche)
    page.keyboard.type("numerqiue")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nous avons cherché « numérique ».")).to_be_visible()
    expect(page.locator("#compte")).to_have_text("3 expériences")

    jusqu_a(page, page.get_by_role("checkbox", name="Seniors 1"))
    page.keyboard.press("Space")
    expect(page.locator("#compte")).to_have_text("1 expérience")
    expect(page.get_by_role("checkbox", name="Seniors 1")).to_be_focused()

    jusqu_a(page, page.get_by_role("link", name="Le café des clics"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Le café des clics")
    page.go_back()
    expect(page.locator("#compte")).to_have_text("1 expérience")
    expect(page).to_have_url(re.compile(r"\?q=numerqiue&public=seniors$"))


def jusqu_a(page: Page, cible: object, pas_max: int = 60) -> None:
    """Avance d'arrêt en arrêt, comme une personne sans souris."""
    for _ in range(pas_max):
        page.keyboard.press("Tab")
        if cible.evaluate("element => element === document.activeElement"):  # type: ignore[attr-defined]
            return
    raise AssertionError(f"{cible} ne s'atteint pas au clavier")


def test_chercher_quand_meme_se_retire_comme_un_filtre(page: Page) -> None:
    page.goto("/experiences/?q=numerqiue")
    page.get_by_role("link", name="Chercher quand même « numerqiue »").click()
    expect(page.locator("#compte")).to_have_text("0 expérience")
    page.get_by_role("link", name="Orthographe").first.click()
    expect(page.locator("#compte")).to_have_text("3 expériences")


@pytest.mark.aussi_sur_postgresql
def test_un_filtre_retire_et_le_retour_arriere_rendent_les_memes_resultats(page: Page) -> None:
    page.goto("/experiences/?q=numerique&public=seniors&statut=en_cours")
    expect(page.locator("#compte")).to_have_text("1 expérience")
    page.get_by_role("link", name="Public : Seniors").click()
    expect(page.locator("#compte")).to_have_text("2 expériences")
    expect(page.get_by_role("checkbox", name="Seniors")).not_to_be_checked()
    page.go_back()
    expect(page.locator("#compte")).to_have_text("1 expérience")
    expect(page.get_by_role("checkbox", name="Seniors")).to_be_checked()
    page.get_by_role("link", name="Tout effacer").click()
    expect(page).to_have_url(re.compile(r"/experiences/\?q=numerique$"))


def test_une_suggestion_complete_la_recherche(page: Page) -> None:
    page.goto("/experiences/")
    recherche = page.get_by_role("combobox", name="Chercher")
    recherche.press_sequentially("table")
    page.get_by_role("option", name="La tablette numérique").click()
    expect(page.get_by_role("heading", level=3).first).to_have_text("La tablette numérique")


@pytest.mark.aussi_sur_postgresql
@pytest.mark.parametrize("contexte", [{"java_script_enabled": False}], indirect=True)
def test_sans_script_on_cherche_on_filtre_on_retire_et_on_lit(page: Page) -> None:
    page.goto("/experiences/")
    page.get_by_label("Chercher").fill("numerqiue")
    page.get_by_role("button", name="Chercher").click()
    expect(page.get_by_text("Nous avons cherché « numérique ».")).to_be_visible()
    page.get_by_role("checkbox", name="Seniors").check()
    page.get_by_role("button", name="Appliquer les filtres").click()
    expect(page.locator("#compte")).to_have_text("1 expérience")
    page.get_by_role("link", name="Le café des clics").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Le café des clics")
    expect(page.get_by_role("button", name="Imprimer")).to_be_hidden()
    page.get_by_role("link", name="Expériences").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Expériences")


@pytest.mark.parametrize(
    "contexte",
    [{"viewport": TELEPHONE, "java_script_enabled": False}],
    indirect=True,
    ids=["360 sans script"],
)
def test_au_telephone_les_filtres_s_ouvrent_et_se_ferment_sans_script(page: Page) -> None:
    page.goto("/experiences/")
    filtres = page.get_by_role("complementary", name="Filtrer")
    expect(filtres).to_be_hidden()
    page.get_by_role("link", name="Filtrer", exact=True).click()
    expect(filtres).to_be_visible()
    page.get_by_role("link", name=re.compile("Voir 28")).click()
    expect(filtres).to_be_hidden()


def test_les_fiches_cochees_partent_avec_le_fichier(page: Page) -> None:
    page.goto("/experiences/?q=numerique")
    page.get_by_role("checkbox", name="Garder « Le café des clics »").check()
    with page.expect_download() as telechargement:
        page.get_by_role("button", name="Dossier Word").click()
    assert "fiche=cafe01" in telechargement.value.url
    assert telechargement.value.suggested_filename.endswith(".docx")


def test_copier_le_lien_le_dit(page: Page, contexte: BrowserContext) -> None:
    contexte.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(FICHE)
    page.get_by_role("button", name="Copier le lien").click()
    expect(page.get_by_role("status").filter(has_text="c’est fait")).to_be_visible()
    assert str(page.evaluate("navigator.clipboard.readText()")).endswith("/e/cafe01")


def test_une_fiche_courante_s_imprime_sur_une_page_a4(page: Page) -> None:
    page.goto(FICHE)
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1
