"""Léa tient la salle de modération au clavier seul ; Nadia arrive en même temps ; sans script, tout marche."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from maillage.catalogue.models import Contribution, Experience
from maillage.core.models import Courrier
from maillage.moderation.models import Decision, Demande
from tests.distribution import Distribution
from tests.fabriques import ContributionFactory, ExperienceFactory
from tests.navigateur.conftest import bouton

pytestmark = pytest.mark.django_db(transaction=True)
Entrer = Callable[[str], None]
Voir = Callable[[], None]
LONG = "Chaque samedi, les voisins se retrouvent sur la place. " * 12


@pytest.fixture
def troupe(distribution: Distribution) -> Distribution:
    for institution in (distribution.federation, distribution.caf):
        institution.departements.add(distribution.deux_ponts.departement_id)
    return distribution


@pytest.fixture
def file(troupe: Distribution) -> list[Contribution]:
    """Trois demandes des Deux-Ponts : une révision de quatre champs, une fiche nouvelle, une correction."""
    revision = ContributionFactory(
        experience=ExperienceFactory(
            structure=troupe.deux_ponts,
            titre="Le café des clics",
            ressources_financieres="14000 eros",
            resultat_habitants="Les habitants sont très contents.",
            description=f"{LONG}Le maire vient.{LONG}",
        ),
        auteur=troupe.amina,
        contenu={
            "description": f"{LONG}La mairesse vient.{LONG}",
            "ressources_financieres": "Environ 14 500 euros.",
            "resultat_habitants": "Les habitants sont très contents, et 86 personnes sont venues.",
            "limites": "En hiver, Mme Haddad, au 06 12 34 56 78, garde les tablettes.",
        },
        mot="Nous aimerions que ce soit en ligne lundi.",
        soumise=True,
        soumise__deposee_le=timezone.now() - timedelta(days=6),
    )
    nouvelle = ContributionFactory(
        nouvelle=True,
        contenu={"titre": "Le bus du lac", "resume": "Six dimanches d’été."},
        experience__structure=troupe.deux_ponts,
        auteur=troupe.bruno,
        soumise=True,
        soumise__deposee_le=timezone.now() - timedelta(hours=3),
    )
    correction = ContributionFactory(
        correction=True,
        experience__structure=troupe.deux_ponts,
        experience__titre="Le jardin des voisins",
        soumise=True,
    )
    return [revision, nouvelle, correction]


# --- Au clavier seul ---------------------------------------------------------------------------------
@pytest.mark.aussi_sur_postgresql
def test_au_clavier_seul_accepter_trois_sur_quatre_annuler_refuser_et_passer_a_la_suivante(
    page: Page, entrer: Entrer, voir: Voir, file: list[Contribution]
) -> None:
    revision, _, _ = file
    entrer("lea")
    page.goto("/espace/moderation/")
    expect(page.get_by_text("La plus ancienne attend depuis 6")).to_be_visible()
    voir()
    page.keyboard.press("?")
    expect(page.get_by_text("Demande suivante, précédente")).to_be_visible()
    voir()
    for touche in ("j", "j", "ArrowUp"):
        page.keyboard.press(touche)
    expect(page.get_by_role("link", name="Le café des clics")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Le café des clics")
    expect(page.get_by_text("Vous l’examinez")).to_be_visible()
    prise_par = Demande.objects.sur(revision).get().prise_par
    assert prise_par is not None and prise_par.prenom == "Léa"
    expect(page.get_by_text("Demande 1 sur 3")).to_be_visible()
    expect(page.locator("ins", has_text="mairesse").first).to_be_visible()
    accepter = page.get_by_role("button", name="Accepter")
    expect(accepter).to_contain_text("3 changements sur 4")
    voir()
    page.keyboard.press("a")
    expect(page.locator(".messages")).to_contain_text("« Le café des clics » est à jour en ligne")
    expect(page.get_by_role("heading", level=1)).to_have_text("Le bus du lac")
    fiche = Experience.objects.get(pk=revision.experience_id)
    assert (fiche.budget, fiche.limites) == (14500, "")
    voir()

    expect(page.get_by_text("Raccourcis clavier")).to_be_visible()
    page.keyboard.press("u")
    expect(page.locator(".messages")).to_contain_text("Personne n’a été prévenu")
    fiche.refresh_from_db()
    assert fiche.ressources_financieres == "14000 eros"
    assert not Courrier.objects.exists()

    expect(page.get_by_text("Raccourcis clavier")).to_be_visible()  # le script est là
    page.keyboard.press("r")
    expect(page.get_by_label("Ce texte ne décrit pas une action menée par le centre.")).to_be_focused()
    voir()
    page.keyboard.press("Escape")
    expect(page.get_by_label("Vos mots pour l’auteur").last).to_be_hidden()
    page.keyboard.press("r")
    for touche in ("Space", "ArrowDown", "ArrowDown", "Tab"):
        page.keyboard.press(touche)
    page.keyboard.type("Gardez le rôle, ôtez le nom. a d r j")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".messages")).to_contain_text("est refusée, avec votre raison")
    expect(page.get_by_role("heading", level=1)).to_have_text("Le bus du lac")
    assert Decision.objects.get(annulee_le=None).motif == (
        "Ce texte cite des personnes ou donne leurs coordonnées.\nGardez le rôle, ôtez le nom. a d r j"
    )
    assert Courrier.objects.get().destinataire == revision.auteur.email  # type: ignore[union-attr]

    expect(page.get_by_text("Raccourcis clavier")).to_be_visible()
    page.keyboard.press("j")
    expect(page.get_by_role("heading", level=1)).to_have_text("Le jardin des voisins")
    expect(page.locator(".barre summary")).to_have_count(1)  # pas de question à un lecteur
    expect(page.get_by_text("Raccourcis clavier")).to_be_visible()
    page.keyboard.press("f")
    expect(page).to_have_url(re.compile(r"/espace/moderation/$"))


def test_les_touches_se_coupent_et_ne_decident_plus_rien(
    page: Page, entrer: Entrer, file: list[Contribution]
) -> None:
    """La dictée vocale dit des lettres sans le vouloir (WCAG 2.1.4)."""
    entrer("lea")
    page.goto(f"/espace/moderation/fiches/{file[0].pk}/")
    page.get_by_text("Raccourcis clavier").click()
    page.get_by_label("Utiliser ces touches").uncheck()
    page.reload()
    expect(page.get_by_text("Vous l’examinez")).to_be_visible()
    for touche in ("a", "r", "j", "u"):
        page.keyboard.press(touche)
    expect(page.get_by_role("heading", level=1)).to_have_text("Le café des clics")
    assert not Decision.objects.exists()


# --- À deux ------------------------------------------------------------------------------------------
def test_deux_moderatrices_ne_se_rencontrent_pas(
    navigateur: Browser,
    live_server: Any,
    client_de: Callable[[str], Client],
    page: Page,
    entrer: Entrer,
    voir: Voir,
    file: list[Contribution],
) -> None:
    adresse = f"/espace/moderation/fiches/{file[0].pk}/"
    autre_fenetre = navigateur.new_context(base_url=live_server.url)
    autre_fenetre.add_cookies(
        [
            {"name": nom, "value": t.value, "url": live_server.url}
            for nom, t in client_de("nadia").cookies.items()
        ]
    )
    nadia = autre_fenetre.new_page()
    nadia.goto(adresse)
    expect(nadia.get_by_text("Vous l’examinez")).to_be_visible()

    entrer("lea")
    page.goto("/espace/moderation/")
    expect(page.get_by_text("par Nadia depuis moins d’une minute")).to_be_visible()
    voir()
    page.get_by_role("link", name="Le café des clics").click()
    expect(page.get_by_text("Nadia Keller examine cette demande")).to_be_visible()
    expect(page.get_by_role("group", name="Décider")).to_have_count(0)
    voir()
    bouton(nadia, "La laisser aux autres")
    expect(nadia.locator(".messages")).to_contain_text("de nouveau libre")
    page.reload()
    expect(page.get_by_text("Vous l’examinez")).to_be_visible()

    nadia.goto(adresse)
    expect(nadia.get_by_text("Léa Roussel examine cette demande")).to_be_visible()
    # Nadia attend ; Léa est partie déjeuner, la demande se libère, et Nadia décide la première.
    Demande.objects.update(prise_le=timezone.now() - timedelta(minutes=21))
    nadia.reload()
    nadia.get_by_role("button", name="Accepter").click()
    expect(nadia.locator(".messages")).to_contain_text("est à jour en ligne")
    page.get_by_role("button", name="Accepter").click()
    expect(page.get_by_text("Cette demande vient d’être traitée")).to_be_visible()
    voir()
    assert Decision.objects.count() == 1
    autre_fenetre.close()


# --- Masquer, conflit, fiche nouvelle ----------------------------------------------------------------
def test_masquer_puis_prendre_les_quatre_changements(
    page: Page, entrer: Entrer, voir: Voir, file: list[Contribution]
) -> None:
    entrer("lea")
    page.goto(f"/espace/moderation/fiches/{file[0].pk}/")
    page.get_by_role("button", name="Masquer les deux").click()
    expect(page.locator(".messages")).to_contain_text("2 données masquées dans « Limites »")
    expect(page.get_by_role("button", name="Accepter")).to_contain_text("4 changements sur 4")
    voir()
    page.get_by_label("Prendre ce changement").first.uncheck()
    expect(page.get_by_role("button", name="Accepter")).to_contain_text("3 changements sur 4")
    page.get_by_label("Laissé, parce que (Description générale)").select_option(
        "L’information paraît inexacte."
    )
    page.get_by_role("button", name="Accepter").click()
    expect(page.locator(".messages")).to_contain_text("est à jour en ligne")
    assert "[nom masqué], au [téléphone masqué]" in Experience.objects.get(titre="Le café des clics").limites
    assert Decision.objects.get().motif == "Description générale : L’information paraît inexacte."
    page.goto("/espace/moderation/?etat=decidees")
    page.get_by_role("link", name="Le café des clics").click()
    expect(page.get_by_role("button", name="Défaire cette décision")).to_be_visible()
    voir()


def test_un_conflit_se_dit_et_la_page_montre_l_etat_d_aujourd_hui(
    page: Page, entrer: Entrer, voir: Voir, file: list[Contribution]
) -> None:
    entrer("lea")
    page.goto(f"/espace/moderation/fiches/{file[0].pk}/")
    expect(page.get_by_text("Vous l’examinez")).to_be_visible()
    Experience.objects.filter(pk=file[0].experience_id).update(
        version=7, resultat_habitants="Écrit entre-temps par une autre."
    )
    page.get_by_role("button", name="Accepter").click()
    expect(page.get_by_text("Cette page a changé pendant que vous la lisiez")).to_be_visible()
    expect(page.get_by_text("Écrit entre-temps par une autre.").first).to_be_visible()
    voir()
    assert not Decision.objects.exists()


def test_publier_une_fiche_nouvelle_puis_vider_la_file(
    page: Page, entrer: Entrer, voir: Voir, file: list[Contribution]
) -> None:
    entrer("lea")
    page.goto(f"/espace/moderation/fiches/{file[1].pk}/?genre=fiche")
    expect(page.get_by_text("Fiche 2 sur 2")).to_be_visible()
    voir()
    page.get_by_role("button", name="Publier").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Le café des clics")
    page.get_by_text("Ajouter une note").click()
    page.get_by_label("Votre note").fill("Appeler Amina.")
    bouton(page, "Ajouter la note")
    expect(page.get_by_text("Appeler Amina.")).to_be_visible()
    page.locator(".barre summary", has_text="Demander").click()
    voir()
    page.get_by_label("Pouvez-vous donner le budget en chiffres").check()
    bouton(page, "Demander cette précision")
    expect(page.get_by_text("Aucune demande ne répond à ce choix")).to_be_visible()
    page.goto("/espace/moderation/?etat=auteur")
    expect(page.get_by_role("link", name="Le café des clics")).to_be_visible()
    voir()
    Demande.objects.update(etat="sans_objet")
    page.goto("/espace/moderation/")
    expect(page.get_by_text("La file est vide")).to_be_visible()
    voir()
    page.goto("/espace/")
    expect(page.get_by_text("Rien n’attend votre regard")).to_be_visible()


# --- Sans script -------------------------------------------------------------------------------------
@pytest.mark.parametrize("contexte", [{"java_script_enabled": False}], indirect=True)
def test_sans_script_on_prend_en_main_on_refuse_et_on_annule(
    page: Page, entrer: Entrer, file: list[Contribution]
) -> None:
    entrer("lea")
    page.goto("/espace/moderation/")
    page.get_by_role("link", name="Le café des clics").click()
    bouton(page, "Je l’examine")
    expect(page.get_by_text("Vous l’examinez")).to_be_visible()
    page.locator(".barre summary", has_text="Refuser").click()
    page.get_by_label("Vos mots pour l’auteur").last.fill("Hors sujet.")
    bouton(page, "Refuser et dire pourquoi")
    expect(page.locator(".messages")).to_contain_text("est refusée")
    bouton(page, "Annuler")
    expect(page.locator(".messages")).to_contain_text("Décision défaite")
    page.get_by_role("button", name="Accepter").click()
    expect(page.locator(".messages")).to_contain_text("est à jour en ligne")


def test_la_charte_se_lit_sans_compte(page: Page, voir: Voir) -> None:
    page.goto("/")
    page.get_by_role("link", name="Charte de modération").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Charte de modération")
    voir()
