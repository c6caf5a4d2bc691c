"""Une journée au comptoir : Inès compte au clavier puis au doigt, sans réseau aussi ; Amina règle la liste."""

import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from maillage.accueil.models import DemandeASuivre, Passage, TypeDeDemande
from maillage.accueil.operations.types import adopter_la_liste_de_depart
from tests.distribution import Distribution
from tests.fabriques import PartenaireFactory, SiteFactory
from tests.navigateur.conftest import TELEPHONE, bouton

pytestmark = pytest.mark.django_db(transaction=True)
Entrer = Callable[[str], None]
Voir = Callable[[], None]
AU_DOIGT = pytest.mark.parametrize("contexte", [{"viewport": TELEPHONE, "has_touch": True}], indirect=True)
SANS_SCRIPT = pytest.mark.parametrize("contexte", [{"java_script_enabled": False}], indirect=True)


@pytest.fixture
def comptoir(distribution: Distribution) -> str:
    adopter_la_liste_de_depart(distribution.deux_ponts, par=distribution.amina)
    return f"/espace/comptoir/{distribution.deux_ponts.pk}/"


def tout_est_enregistre(page: Page) -> None:
    expect(page.locator("[data-envoi-dit]")).to_have_text("Tout est enregistré")


def demandes() -> list[str]:
    passages = Passage.objects.comptes().order_by("le", "pk").prefetch_related("demandes__type")
    return [", ".join(str(d.type) for d in passage.demandes.all()) for passage in passages]


def test_au_clavier_un_chiffre_compte_z_annule_r_retablit_d_reprend(
    page: Page, entrer: Entrer, voir: Voir, comptoir: str
) -> None:
    entrer("ines")
    page.goto(comptoir)
    voir()
    page.keyboard.press("2")
    expect(page.locator("[data-message]")).to_contain_text("Démarche en ligne")
    expect(page.locator("[data-passages]")).to_have_text("1")
    page.keyboard.press("7")
    page.keyboard.press("z")
    page.keyboard.press("r")
    page.keyboard.press("+")
    page.keyboard.press("d")
    expect(page.locator("[data-passages]")).to_have_text("3")
    tout_est_enregistre(page)
    assert demandes() == ["Démarche en ligne", "Café, causer", "Café, causer"]
    page.keyboard.press("z")
    tout_est_enregistre(page)
    assert len(demandes()) == 2
    # La rangée des chiffres d'un clavier français, sans majuscule.
    page.locator("body").dispatch_event("keydown", {"key": "&", "code": "Digit1"})
    expect(page.locator("[data-passages]")).to_have_text("3")
    tout_est_enregistre(page)
    assert demandes()[-1] == "Renseignement"
    voir()


def precise(passages: Iterable[Passage]) -> list[tuple[int, str, str]]:
    return [(passage.nombre, passage.canal, passage.suite) for passage in passages]


def au_telephone_a_cinq(page: Page) -> None:
    """Cinq personnes en une fois, au téléphone, pour une démarche en ligne et un rendez-vous."""
    for _ in range(4):
        page.keyboard.press("+")
    page.keyboard.press("2")
    tout_est_enregistre(page)
    page.get_by_label("a téléphoné").check()
    page.get_by_text("Plus de précisions").click()
    page.get_by_label("Rendez-vous", exact=True).check()
    tout_est_enregistre(page)


def test_preciser_le_meme_garde_ce_qu_il_a_repris(page: Page, entrer: Entrer, comptoir: str) -> None:
    """« Le même », puis une précision : cinq personnes au téléphone restent cinq, au téléphone."""
    entrer("ines")
    page.goto(comptoir)
    au_telephone_a_cinq(page)
    page.keyboard.press("d")
    expect(page.locator("[data-message]")).to_contain_text("5 personnes")
    tout_est_enregistre(page)
    page.locator("[data-preciser] [name=suite][value=repondu]").check()
    tout_est_enregistre(page)
    assert precise(Passage.objects.order_by("pk")) == [(5, "telephone", ""), (5, "telephone", "repondu")]
    assert demandes() == ["Démarche en ligne, Rendez-vous"] * 2


def test_la_page_rechargee_preciser_le_dernier_garde_le_reste(
    page: Page, entrer: Entrer, comptoir: str
) -> None:
    """Une personne comptée par erreur, annulée : on précise celles d'avant, que la page n'a pas notées."""
    entrer("ines")
    page.goto(comptoir)
    au_telephone_a_cinq(page)
    page.reload()
    page.keyboard.press("3")
    page.keyboard.press("z")
    tout_est_enregistre(page)
    page.locator("[data-preciser] [name=suite][value=repondu]").check()
    tout_est_enregistre(page)
    assert precise(Passage.objects.comptes()) == [(5, "telephone", "repondu")]
    assert demandes() == ["Démarche en ligne, Rendez-vous"]


def test_un_appui_se_voit_en_moins_d_un_battement(page: Page, entrer: Entrer, comptoir: str) -> None:
    """Le nombre change dans le geste même, avant toute réponse."""
    entrer("ines")
    page.add_init_script("window.fetch = () => new Promise(() => {})")  # le serveur ne répond jamais
    page.goto(comptoir)
    vu = page.evaluate(
        """() => { document.querySelector("[data-chiffre='1']").click();
        return document.querySelector("[data-passages]").textContent }"""
    )
    assert vu == "1"


def test_un_total_demande_avant_un_geste_ne_l_efface_pas(page: Page, entrer: Entrer, comptoir: str) -> None:
    """La veille lit le total tous les quarts de minute : sa réponse peut arriver après le passage suivant."""
    entrer("ines")
    page.add_init_script(
        """const chaque = window.setInterval.bind(window), demander = window.fetch.bind(window);
        window.setInterval = (geste, delai) => delai === 15000 ? (window.veiller = geste, 0) : chaque(geste, delai);
        const retenue = new Promise((fini) => { window.lacher = fini; });
        window.recue = new Promise((recue) => {
          window.fetch = async (adresse, options) => {
            const reponse = await demander(adresse, options);
            if (!options.method) { recue(); await retenue; }
            return reponse;
          };
        });"""
    )
    page.goto(comptoir)
    page.evaluate("() => { window.veille = window.veiller(); return window.recue; }")
    page.keyboard.press("2")
    tout_est_enregistre(page)
    page.evaluate("async () => { window.lacher(); await window.veille; }")
    expect(page.locator("[data-passages]")).to_have_text("1")


@AU_DOIGT
def test_au_doigt_on_compte_puis_on_precise(
    page: Page, entrer: Entrer, voir: Voir, comptoir: str, distribution: Distribution
) -> None:
    partenaire = PartenaireFactory(nom="Mission locale")
    SiteFactory(structure=distribution.deux_ponts)
    moulin = SiteFactory(structure=distribution.deux_ponts, nom="Moulin-Vert", est_principal=False)
    entrer("ines")
    page.goto(comptoir)
    page.get_by_label("Lieu").first.select_option("Moulin-Vert")
    page.get_by_role("button", name="Une personne de plus").tap()
    page.get_by_role("button", name=re.compile("Inscription")).tap()
    tout_est_enregistre(page)
    page.get_by_label("a téléphoné").tap()
    page.get_by_label("Orientée vers un partenaire").tap()
    champ = page.get_by_label("Vers quel partenaire")
    champ.press_sequentially("mission")
    page.get_by_role("option", name="Mission locale").tap()
    expect(champ).to_have_value("Mission locale")
    page.get_by_text("Plus de précisions").tap()
    page.get_by_label("Première visite").select_option("Oui")
    page.get_by_label("Rendez-vous", exact=True).check()
    tout_est_enregistre(page)
    passage = Passage.objects.get()
    assert (passage.site, passage.nombre, passage.canal) == (moulin, 2, "telephone")
    assert (passage.suite, passage.oriente_vers, passage.premiere_visite) == ("oriente", partenaire, True)
    assert demandes() == ["Inscription, Rendez-vous"]
    voir()
    page.goto(comptoir)
    expect(page.get_by_label("Lieu").first).to_have_value(str(moulin.pk))


def test_sans_reseau_rien_n_est_perdu_ni_compte_deux_fois(
    page: Page, contexte: BrowserContext, entrer: Entrer, voir: Voir, comptoir: str
) -> None:
    entrer("ines")
    page.goto(comptoir)
    contexte.set_offline(True)
    for touche in "122":
        page.keyboard.press(touche)
    page.keyboard.press("z")
    expect(page.locator("[data-avis]")).to_contain_text("Pas de réseau depuis")
    expect(page.locator("[data-passages]")).to_have_text("2")
    expect(page.locator("[data-envoi-dit]")).to_contain_text("sur cet appareil")
    voir()
    assert not Passage.objects.exists()
    contexte.set_offline(False)
    tout_est_enregistre(page)
    expect(page.locator("[data-avis]")).to_be_hidden()
    assert demandes() == ["Renseignement", "Démarche en ligne"]


def test_une_page_fermee_sans_reseau_envoie_a_sa_reouverture(
    page: Page, contexte: BrowserContext, entrer: Entrer, comptoir: str
) -> None:
    entrer("ines")
    # Posée avant la page : une page déjà ouverte garde un instant le chemin qu'elle avait vers le réseau.
    page.route(re.compile("/passages/"), lambda route: route.abort())
    page.goto(comptoir)
    page.keyboard.press("3")
    expect(page.locator("[data-avis]")).to_be_visible()
    page.close()
    assert not Passage.objects.exists()
    autre = contexte.new_page()
    autre.goto(comptoir)
    expect(autre.locator("[data-passages]")).to_have_text("1")
    tout_est_enregistre(autre)
    assert demandes() == ["Ordinateur, impression"]


@pytest.mark.parametrize("contexte", [{"timezone_id": "Asia/Tokyo"}], indirect=True)
@pytest.mark.parametrize("ecart", ["-40 * 86400e3", "3 * 3600e3"])
def test_sur_une_tablette_mal_reglee_le_passage_se_compte_a_l_heure_du_centre(
    page: Page, entrer: Entrer, comptoir: str, ecart: str
) -> None:
    """Une pile usée remet l'horloge des semaines en arrière : le passage serait refusé, ou compté un autre jour."""
    page.add_init_script(
        f"""const juste = Date;
        window.Date = class extends juste {{
          constructor(...a) {{ super(...(a.length ? a : [juste.now() + {ecart}])); }}
          static now() {{ return juste.now() + {ecart}; }}
        }};"""
    )
    entrer("ines")
    page.goto(comptoir)
    page.keyboard.press("1")
    ici = timezone.now().astimezone(ZoneInfo("Europe/Paris"))
    expect(page.locator("[data-message]")).to_contain_text(
        re.compile(rf", (?:{ici.hour}|{(ici.hour + 1) % 24}) h")
    )
    tout_est_enregistre(page)
    assert abs(Passage.objects.get().le - timezone.now()) < timedelta(minutes=1)


@SANS_SCRIPT
def test_sans_script_chaque_touche_compte_et_s_annule(page: Page, entrer: Entrer, comptoir: str) -> None:
    entrer("ines")
    page.goto(comptoir)
    page.get_by_role("button", name=re.compile("Courrier, papiers")).click()
    expect(page.locator("[data-passages]")).to_have_text("1")
    page.get_by_label("a écrit").check()
    bouton(page, "Enregistrer")
    expect(page.locator(".messages")).to_contain_text("Le passage est précisé.")
    page.locator("[data-annuler] button").click()
    expect(page.locator(".messages")).to_contain_text("Le passage est annulé.")
    assert Passage.objects.get().canal == "courriel" and demandes() == []


def test_le_papier_les_chiffres_et_la_correction(
    page: Page, entrer: Entrer, voir: Voir, comptoir: str
) -> None:
    entrer("ines")
    page.goto(f"{comptoir}jour/")
    voir()
    page.get_by_role("link", name="Noter d’après le papier").first.click()
    page.get_by_label("Renseignement, matin").fill("beaucoup")
    bouton(page, "Enregistrer ce jour")
    expect(page.locator(".erreur").first).to_contain_text("nombre entier")
    voir()
    page.get_by_label("Renseignement, matin").fill("4")
    page.get_by_label("Rendez-vous, après-midi").fill("2")
    bouton(page, "Enregistrer ce jour")
    expect(page.locator(".messages")).to_contain_text("passages de plus")
    voir()
    page.get_by_role("button", name=re.compile("Annuler le passage")).first.click()
    expect(page.get_by_role("heading", name="5 passages")).to_be_visible()
    page.get_by_role("link", name=re.compile("Corriger le passage")).first.click()
    page.get_by_label("Nombre de personnes").fill("3")
    bouton(page, "Enregistrer")
    expect(page.get_by_text("3 personnes")).to_be_visible()
    for pas in ("jour", "semaine", "mois", "annee"):
        page.goto(f"{comptoir}chiffres/?pas={pas}")
        page.get_by_text("Voir le tableau").first.click()
        voir()


def test_amina_regle_la_liste_et_suit_une_demande(
    page: Page, entrer: Entrer, voir: Voir, distribution: Distribution
) -> None:
    comptoir = f"/espace/comptoir/{distribution.deux_ponts.pk}/"
    entrer("amina")
    page.goto(comptoir)
    voir()
    bouton(page, "Prendre la liste de départ")
    voir()
    page.get_by_label("Libellé").fill("Emploi")
    bouton(page, "Ajouter")
    page.get_by_role("button", name="Monter Emploi").click()
    page.get_by_role("button", name="Retirer Renseignement").click()
    expect(page.locator(".messages")).to_contain_text("quitte le comptoir")
    assert not TypeDeDemande.objects.proposes().filter(libelle="Renseignement").exists()
    page.get_by_role("link", name="Emploi", exact=True).click()
    voir()
    page.goto(f"{comptoir}a-suivre/")
    voir()
    page.get_by_role("link", name="Suivre une demande").click()
    page.get_by_label("Ce qu’il reste à faire").fill("Rappeler la dame dépressive")
    page.get_by_label("À faire avant le").fill("2026-01-15")
    bouton(page, "Enregistrer")
    expect(page.locator(".erreur").first).to_contain_text("peut dire la santé")
    voir()
    page.get_by_label("Ce qu’il reste à faire").fill("Rappeler pour le cours")
    bouton(page, "Enregistrer")
    expect(page.get_by_text("En retard")).to_be_visible()
    voir()
    page.get_by_role("link", name="Rappeler pour le cours").click()
    page.get_by_label("Ce qui a été fait").fill("Inscrite au cours du mardi")
    voir()
    bouton(page, "Clore cette demande")
    assert DemandeASuivre.objects.get().etat == "fait"
    page.get_by_text("Dernières closes").click()
    voir()


@AU_DOIGT
def test_hier_se_rattrape_au_telephone(
    page: Page, entrer: Entrer, voir: Voir, comptoir: str, distribution: Distribution
) -> None:
    """Du comptoir au jour enregistré, sur un écran de 360 points : deux nombres recopiés, tout est compté."""
    entrer("ines")
    page.goto(comptoir)
    page.get_by_role("link", name="D’après le papier").click()
    hier = timezone.localdate(timezone=distribution.deux_ponts.fuseau) - timedelta(days=1)
    page.get_by_label("Le jour").fill(hier.isoformat())
    cases = page.locator(".tableau-du-jour input")
    cases.nth(0).fill("4")
    cases.nth(3).fill("2")
    voir()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    bouton(page, "Enregistrer ce jour")
    expect(page.get_by_text("de plus pour ce jour")).to_be_visible()
    voir()
    notes = Passage.objects.comptes()
    assert {passage.le.astimezone(distribution.deux_ponts.fuseau).date() for passage in notes} == {hier}
    assert sum(passage.nombre for passage in notes) == 6
