"""Amina et Bruno écrivent une fiche dans un vrai navigateur : pause, réseau coupé, session fermée, conflit, clavier."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from maillage.catalogue.choices import EtatContribution, FamilleTerme
from maillage.catalogue.importation.lexique import VALEURS
from maillage.catalogue.models import Contribution, Sauvegarde
from maillage.catalogue.operations.contributions import commencer_fiche
from tests.distribution import Distribution
from tests.fabriques import ExperienceFactory, PartenaireFactory, TermeFactory
from tests.navigateur.conftest import PATIENCE, bouton
from tests.navigateur.test_parcours_catalogue import jusqu_a

pytestmark = pytest.mark.django_db(transaction=True)
Entrer = Callable[[str], None]
Voir = Callable[[], None]
RECIT = "En septembre, quatre habitantes visitent un autre centre. En novembre, elles essaient une table, une heure. "
CAPTURES = os.environ.get("CAPTURES")


@pytest.fixture(autouse=True)
def listes(transactional_db: None) -> None:
    for famille, cle in (
        (FamilleTerme.DIMENSION, "dimensions"),
        (FamilleTerme.MOT_CLE, "mots_cles"),
        (FamilleTerme.PUBLIC, "publics"),
        (FamilleTerme.INITIATIVE, "initiatives"),
        (FamilleTerme.TERRITOIRE, "territoire"),
    ):
        for libelle in VALEURS[cle].values():
            TermeFactory(famille=famille, libelle=libelle)


@pytest.fixture
def brouillon(distribution: Distribution) -> Contribution:
    return commencer_fiche(distribution.deux_ponts, par=distribution.amina)


def photo(page: Page, nom: str) -> None:
    if CAPTURES:
        for largeur, hauteur in ((1280, 800), (360, 740)):
            page.set_viewport_size({"width": largeur, "height": hauteur})
            page.wait_for_timeout(150)
            page.screenshot(path=Path(CAPTURES) / f"{nom}-{largeur}.png", full_page=True)
        page.set_viewport_size({"width": 1280, "height": 800})


def enregistre(page: Page) -> None:
    """La page dit qu'elle vient d'enregistrer."""
    expect(page.locator("#garde")).to_contain_text(re.compile(r"Enregistré à"))


# --- Le parcours --------------------------------------------------------------------------------------
@pytest.mark.aussi_sur_postgresql
def test_amina_ecrit_une_fiche_et_l_envoie(
    page: Page, entrer: Entrer, voir: Voir, distribution: Distribution, indexer: Callable[[], int]
) -> None:
    ExperienceFactory(structure=distribution.deux_ponts, titre="Un jardin sur le toit", resume="Des tomates.")
    ExperienceFactory(structure=distribution.deux_ponts, titre="Le café des clics au marché")
    PartenaireFactory(nom="Maison de l’emploi")
    indexer()
    entrer("amina")
    page.goto("/espace/contributions/")
    voir()
    photo(page, "mes-fiches")
    page.get_by_role("link", name="Partager une expérience").click()
    voir()
    photo(page, "nouvelle")
    bouton(page, "Commencer")
    expect(page.get_by_role("heading", level=2, name="1. De quoi s’agit-il ?")).to_be_visible()
    voir()
    photo(page, "etape1-vide")
    page.get_by_label("Titre").fill("Le café des clics au marché")
    enregistre(page)
    page.get_by_label("Résumé").fill("Chaque jeudi, une table au marché. Appelez le 06 12 34 56 78.")
    expect(page.locator("#avis-resume mark")).to_have_text("06 12 34 56 78")
    expect(page.locator("#proches")).to_contain_text("Le café des clics au marché")
    expect(page.locator("#proches")).not_to_contain_text("Un jardin")
    page.get_by_text("Un exemple, et ce qui fait une bonne fiche").first.click()
    voir()
    photo(page, "etape1-avis")
    page.get_by_role("button", name="Retirer « 06 12 34 56 78 »").click()
    expect(page.get_by_label("Résumé")).to_have_value("Chaque jeudi, une table au marché. Appelez le.")
    expect(page.locator("#avis-resume")).to_be_empty()
    page.get_by_role("button", name="Non, c’est autre chose").click()
    expect(page.locator("#proches")).to_be_empty()
    page.get_by_label("En cours").check()
    page.get_by_label("Depuis quand").fill("bientôt")
    expect(page.locator("#avis-depuis_le")).to_contain_text("Écrivez le mois et l’année")
    bouton(page, "Enregistrer et continuer")
    expect(page.get_by_label("Depuis quand")).to_be_focused()
    voir()
    page.get_by_label("Depuis quand").fill("mars 2024")
    enregistre(page)
    bouton(page, "Enregistrer et continuer")
    expect(page.get_by_role("heading", level=2, name="2. Pour qui, où, et qui l’a voulu ?")).to_be_visible()
    voir()
    page.get_by_label("Chercher dans la liste").fill("sante")
    expect(page.get_by_label("Santé")).to_be_visible()
    expect(page.get_by_label("Culture")).to_be_hidden()
    page.get_by_label("Santé").check()
    page.get_by_label("Services").check()
    page.get_by_label("Seniors").check()
    enregistre(page)
    photo(page, "etape2")
    voir()
    bouton(page, "Enregistrer et continuer")
    page.get_by_label("Le récit de l’expérience").fill(RECIT * 4)
    enregistre(page)
    voir()
    photo(page, "etape3")
    bouton(page, "Enregistrer et continuer")
    page.get_by_label("Ressources financières").fill("2 400 € par an.")
    page.get_by_label("Personnes mobilisées").fill("1 animatrice, 6 bénévoles.")
    agissent = page.get_by_role("group", name="Partenaires qui agissent")
    agissent.get_by_label("Nom du partenaire 1").press_sequentially("maison", delay=30)
    expect(page.locator("#partenaires-connus option")).to_have_count(1)
    agissent.get_by_label("Nom du partenaire 1").fill("Maison de l’emploi")
    agissent.get_by_role("button", name="Ajouter une ligne").click()
    expect(agissent.get_by_label("Nom du partenaire 3")).to_be_focused()
    agissent.get_by_label("Nom du partenaire 3").fill("Le marché")
    page.get_by_label("Nom du financeur 1").fill("Commune")
    page.get_by_label("Euros par an du financeur 1").fill("un peu")
    expect(page.locator("#avis-financeurs")).to_contain_text("écrivez un montant en euros")
    voir()
    page.get_by_label("Euros par an du financeur 1").fill("1 500,50")
    enregistre(page)
    photo(page, "etape4")
    voir()
    bouton(page, "Enregistrer et continuer")
    page.get_by_label("Résultat pour les habitants").fill("86 personnes sont venues plus de deux fois. " * 2)
    page.get_by_label("Limites").fill("En hiver, presque personne ne s’arrête au marché, il fait froid.")
    enregistre(page)
    voir()
    photo(page, "etape5")
    bouton(page, "Enregistrer et continuer")
    expect(page).to_have_url(re.compile(r"/pieces/$"))
    voir()
    photo(page, "etape6")
    page.get_by_role("link", name="Relire et envoyer", exact=True).last.click()
    expect(page.locator(".apercu-de-fiche")).to_contain_text("Maison de l’emploi")
    voir()
    photo(page, "relire")
    bouton(page, "Envoyer la fiche")
    expect(page.locator(".messages")).to_contain_text("Votre fiche est envoyée")
    voir()
    photo(page, "envoyee")
    page.goto("/espace/contributions/")
    voir()
    photo(page, "mes-fiches-pleines")
    contribution = Contribution.objects.get()
    assert contribution.etat == EtatContribution.SOUMISE
    assert contribution.contenu["financeurs"] == [{"nom": "Commune", "montant": "1500.50"}]
    assert [p["nom"] for p in contribution.contenu["partenaires_action"]] == [
        "Maison de l’emploi",
        "Le marché",
    ]
    assert contribution.contenu["depuis_le"] == "2024-03" and contribution.contenu["statut"] == "en_cours"
    page.goto(f"/espace/contributions/{contribution.pk}/histoire/")
    expect(page.get_by_role("heading", name="Amina Benali a écrit").first).to_be_visible()
    voir()
    photo(page, "histoire")


def test_une_fiche_incomplete_dit_ou_ecrire(
    page: Page, entrer: Entrer, voir: Voir, brouillon: Contribution
) -> None:
    entrer("amina")
    page.goto(f"/espace/contributions/{brouillon.pk}/relire/")
    bouton(page, "Envoyer la fiche")
    expect(page.get_by_role("alert")).to_contain_text("La fiche n’est pas partie")
    voir()
    photo(page, "relire-refus")
    page.get_by_role("alert").get_by_role("link", name=re.compile("récit")).click()
    expect(page).to_have_url(re.compile(r"/recit/#description_experience$"))


# --- Rien ne se perd --------------------------------------------------------------------------------
def test_un_reseau_coupe_est_dit_le_texte_reste_et_part_au_retour(
    page: Page, entrer: Entrer, voir: Voir, brouillon: Contribution
) -> None:
    entrer("amina")
    coupe = [True]

    def couper(route: Route) -> None:
        route.abort() if coupe[0] and route.request.method == "POST" else route.continue_()

    page.route("**/essentiel/", couper)
    page.goto(f"/espace/contributions/{brouillon.pk}/essentiel/")
    page.get_by_label("Titre").fill("Écrit dans le tunnel")
    expect(page.locator("#garde")).to_contain_text("Pas de réseau")
    voir()
    photo(page, "reseau-coupe")
    page.reload()
    expect(page.get_by_label("Titre")).to_have_value("Écrit dans le tunnel")
    expect(page.locator("#retrouve")).to_contain_text("Nous avons retrouvé")
    expect(page.locator("#garde")).to_contain_text("Pas de réseau")
    coupe[0] = False
    page.evaluate("dispatchEvent(new Event('online'))")
    enregistre(page)
    brouillon.refresh_from_db()
    assert brouillon.contenu == {"titre": "Écrit dans le tunnel"}
    assert page.evaluate("localStorage.length") == 0


def test_apres_une_session_expiree_le_texte_est_retrouve(
    page: Page, entrer: Entrer, voir: Voir, brouillon: Contribution
) -> None:
    entrer("amina")
    page.goto(f"/espace/contributions/{brouillon.pk}/essentiel/")
    page.context.clear_cookies(name="maillage_session")
    page.get_by_label("Résumé").fill("Une table au marché, chaque jeudi.")
    expect(page.locator("#retrouve")).to_contain_text("Votre session s’est fermée")
    voir()
    photo(page, "session-fermee")
    lien = page.get_by_role("link", name="Se reconnecter et revenir ici")
    assert (lien.get_attribute("href") or "").endswith("essentiel%2F")
    lien.click()
    expect(page).to_have_url(re.compile(r"/connexion/\?next="))
    entrer("amina")
    page.goto(f"/espace/contributions/{brouillon.pk}/essentiel/")
    expect(page.get_by_label("Résumé")).to_have_value("Une table au marché, chaque jeudi.")
    enregistre(page)
    brouillon.refresh_from_db()
    assert brouillon.contenu == {"resume": "Une table au marché, chaque jeudi."}


# --- À deux -----------------------------------------------------------------------------------------
@pytest.fixture
def fenetre_de(navigateur: Browser, live_server: Any, client_de: Any) -> Any:
    """Une fenêtre de plus, pour une autre personne."""
    ouvertes = []

    def ouvrir(prenom: str) -> Page:
        contexte = navigateur.new_context(base_url=live_server.url, locale="fr-FR")
        contexte.set_default_timeout(PATIENCE)
        contexte.add_cookies(
            [
                {"name": nom, "value": t.value, "url": live_server.url}
                for nom, t in client_de(prenom).cookies.items()
            ]
        )
        ouvertes.append(contexte)
        return contexte.new_page()

    yield ouvrir
    for contexte in ouvertes:
        contexte.close()


@pytest.mark.aussi_sur_postgresql
def test_a_deux_dans_le_meme_champ_le_second_voit_les_deux_textes_et_choisit(
    page: Page, entrer: Entrer, voir: Voir, brouillon: Contribution, fenetre_de: Any
) -> None:
    entrer("amina")
    adresse = f"/espace/contributions/{brouillon.pk}/essentiel/"
    page.goto(adresse)
    bruno = fenetre_de("bruno")
    bruno.goto(adresse)
    bruno.get_by_label("Résumé").fill("Le texte de Bruno, sur la table du marché.")
    enregistre(bruno)
    page.get_by_label("Titre").fill("Le café des clics")
    enregistre(page)
    expect(page.locator("#presence")).to_contain_text("Bruno écrit aussi sur cette page")
    expect(page.get_by_label("Résumé")).to_have_value("Le texte de Bruno, sur la table du marché.")

    with bruno.expect_response(lambda r: r.request.method == "POST"):
        bruno.get_by_label("Résumé").fill("Le texte de Bruno, revu.")
    page.get_by_label("Résumé").fill("Le texte d’Amina.")
    expect(page.locator("#avis-resume")).to_contain_text("Bruno Castel a écrit ici")
    voir()
    photo(page, "conflit")
    bouton(page, "Enregistrer et continuer")
    expect(page.get_by_label("le sien")).to_be_focused()
    page.get_by_label("les deux, bout à bout").check()
    les_deux = "Le texte de Bruno, revu.\n\nLe texte d’Amina."
    expect(page.get_by_label("Résumé")).to_have_value(les_deux)
    expect(page.locator("#avis-resume")).to_be_empty()
    brouillon.refresh_from_db()
    assert brouillon.contenu["resume"] == les_deux
    assert brouillon.contenu["titre"] == "Le café des clics"
    assert Sauvegarde.objects.get(est_ecartee=True).valeur == "Le texte d’Amina."


def test_sans_script_le_conflit_se_regle_par_la_page(
    navigateur: Browser, live_server: Any, client_de: Any, brouillon: Contribution, fenetre_de: Any,
    sans_obstacle: Callable[[Page], None],
) -> None:  # fmt: skip
    contexte = navigateur.new_context(base_url=live_server.url, java_script_enabled=False)
    contexte.add_cookies(
        [{"name": n, "value": t.value, "url": live_server.url} for n, t in client_de("amina").cookies.items()]
    )
    page = contexte.new_page()
    adresse = f"/espace/contributions/{brouillon.pk}/essentiel/"
    page.goto(adresse)
    bruno = fenetre_de("bruno")
    bruno.goto(adresse)
    bruno.get_by_label("Titre").fill("Le titre de Bruno")
    enregistre(bruno)
    page.get_by_label("Titre").fill("Le titre d’Amina")
    page.get_by_label("Résumé").fill("Une table au marché.")
    bouton(page, "Enregistrer et continuer")
    expect(page.get_by_role("alert")).to_contain_text("Quelqu’un d’autre a écrit dans")
    expect(page.get_by_label("Titre")).to_have_value("Le titre d’Amina")
    brouillon.refresh_from_db()
    assert brouillon.contenu == {"titre": "Le titre de Bruno", "resume": "Une table au marché."}
    page.get_by_label("le mien").check()
    bouton(page, "Enregistrer et continuer")
    expect(page).to_have_url(re.compile(r"/public-et-lieu/$"))
    brouillon.refresh_from_db()
    assert brouillon.contenu["titre"] == "Le titre d’Amina"
    contexte.close()


# --- Au clavier -------------------------------------------------------------------------------------
def test_au_clavier_seul_on_revise_une_fiche_dont_l_ancienne_version_reste_en_ligne(
    page: Page, entrer: Entrer, voir: Voir, distribution: Distribution
) -> None:
    fiche = ExperienceFactory(
        structure=distribution.deux_ponts, titre="Le jardin", resume="L’ancien résumé.", description=RECIT * 4
    )
    entrer("bruno")
    page.goto("/espace/")
    jusqu_a(page, page.get_by_role("link", name="Mes fiches").first)
    page.keyboard.press("Enter")
    jusqu_a(page, page.get_by_role("button", name="Réviser « Le jardin »"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Le jardin")
    page.goto(page.url.replace("/public-et-lieu/", "/essentiel/"))
    jusqu_a(page, page.get_by_label("Résumé"))
    page.keyboard.press("Control+a")
    page.keyboard.type("Le nouveau résumé.")
    enregistre(page)
    jusqu_a(page, page.get_by_role("link", name=re.compile("Relire et envoyer")), pas_max=80)
    page.keyboard.press("Enter")
    expect(page.locator(".apercu-de-fiche")).to_contain_text("Le nouveau résumé.")
    voir()
    jusqu_a(page, page.get_by_role("button", name="Envoyer la fiche"))
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_contain_text("Votre fiche est envoyée")
    page.goto(f"/experiences/{fiche.code}/{fiche.slug}/")
    expect(page.get_by_role("main")).to_contain_text("L’ancien résumé.")
    expect(page.get_by_role("main")).not_to_contain_text("nouveau résumé")
