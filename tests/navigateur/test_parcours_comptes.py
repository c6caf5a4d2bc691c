"""Entrer dans l'espace pro et tenir son compte, dans un vrai navigateur."""

import re
from collections.abc import Callable

import pytest
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import BrowserContext, Page, expect

from maillage.comptes.choices import Role
from maillage.comptes.models import Invitation
from maillage.comptes.operations import inviter
from maillage.demo.distribution import code_du_moment
from tests.courrier import chemin_du_dernier, courriels
from tests.distribution import Distribution
from tests.fabriques import MOT_DE_PASSE, SECRET_DU_TELEPHONE
from tests.navigateur.conftest import bouton

pytestmark = pytest.mark.django_db(transaction=True)
Entrer = Callable[[str], None]
Voir = Callable[[], None]
Indexer = Callable[[], int]


def vieillir_la_preuve(page: Page) -> None:
    """Un quart d'heure passe depuis que cette fenêtre a prouvé qui elle est."""
    (temoin,) = (t["value"] for t in page.context.cookies() if t["name"].endswith("session"))
    session = SessionStore(temoin)
    session["account_authentication_methods"] = [
        preuve | {"at": preuve["at"] - 16 * 60} for preuve in session["account_authentication_methods"]
    ]
    session.save()


def s_identifier(page: Page, courriel: str, mot_de_passe: str = MOT_DE_PASSE) -> None:
    page.get_by_label("Courriel").fill(courriel)
    page.get_by_label("Mot de passe").fill(mot_de_passe)
    bouton(page, "Entrer")


# --- Entrer ------------------------------------------------------------------------------------------
def test_les_refus_de_l_entree_disent_quoi_faire(page: Page, distribution: Distribution, voir: Voir) -> None:
    page.goto("/espace/")
    voir()
    bouton(page, "Entrer")
    expect(page.get_by_role("alert")).to_contain_text("2 champs à revoir")
    voir()
    page.get_by_role("link", name="Courriel : Écrivez votre courriel.").click()
    expect(page.get_by_label("Courriel")).to_be_focused()
    s_identifier(page, distribution.amina.email, "pas-le-bon-mot-de-passe")
    expect(page.get_by_role("alert")).to_contain_text("ne vont pas ensemble")
    voir()
    page.goto("/compte/ferme/")
    voir()


@pytest.mark.aussi_sur_postgresql
def test_lea_entre_par_son_mot_de_passe_puis_le_code_de_son_telephone(
    page: Page, distribution: Distribution, voir: Voir
) -> None:
    page.goto("/espace/points/")
    s_identifier(page, distribution.lea.email)
    voir()
    expect(page.get_by_role("heading", level=1)).to_have_text("Saisir le code de votre application")
    page.get_by_label("Code").fill("000000")
    bouton(page, "Entrer")
    expect(page.get_by_role("alert")).to_contain_text("Ce code n’est pas le bon")
    voir()
    page.get_by_label("Code").fill(code_du_moment(SECRET_DU_TELEPHONE))
    bouton(page, "Entrer")
    expect(page).to_have_url(re.compile(r"/espace/points/$"))


def test_amina_entre_par_un_code_recu_par_courriel(
    page: Page, distribution: Distribution, voir: Voir
) -> None:
    page.goto("/compte/connexion/")
    page.get_by_role("link", name="Recevoir un code par courriel").click()
    voir()
    page.get_by_label("Courriel").fill(distribution.amina.email)
    bouton(page, "Recevoir le code")
    voir()
    page.get_by_label("Code reçu").fill("AAAAAA")
    bouton(page, "Entrer")
    expect(page.get_by_role("alert")).to_contain_text("dernier message reçu")
    voir()
    code = re.search(r"Maillage : (\S+)", str(courriels()[-1].body))
    assert code
    page.get_by_label("Code reçu").fill(code[1])
    bouton(page, "Entrer")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Amina")


def test_amina_a_oublie_son_mot_de_passe(page: Page, distribution: Distribution, voir: Voir) -> None:
    page.goto("/compte/connexion/")
    page.get_by_role("link", name="Mot de passe oublié").click()
    voir()
    page.get_by_label("Courriel").fill(distribution.amina.email)
    bouton(page, "Recevoir le lien")
    expect(page.get_by_role("heading", level=1)).to_have_text("Regardez votre courrier")
    voir()
    lien = chemin_du_dernier()
    page.goto(lien)
    page.get_by_label("Nouveau mot de passe", exact=True).fill("court")
    bouton(page, "Changer de mot de passe")
    expect(page.get_by_role("alert")).to_contain_text("15 caractères")
    voir()
    neuf = "cinq mots neufs à retenir"
    page.get_by_label("Nouveau mot de passe", exact=True).fill(neuf)
    page.get_by_label("encore une fois").fill(neuf)
    bouton(page, "Changer de mot de passe")
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre mot de passe est changé")
    voir()
    assert "Votre mot de passe vient de changer" in courriels()[-1].body
    page.goto(lien)
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce lien n’est plus valable")
    voir()
    page.goto("/compte/connexion/")
    s_identifier(page, distribution.amina.email, neuf)
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Amina")


def test_une_invitation_ouvre_un_compte_une_seule_fois(
    page: Page, distribution: Distribution, voir: Voir
) -> None:
    lien = inviter(
        email="salome@exemple.fr",
        prenom="Salomé",
        nom="Dupré",
        role=Role.CONTRIBUTEUR,
        organisation=distribution.deux_ponts,
        par=distribution.amina,
    )
    page.goto(chemin_du_dernier())
    expect(page.get_by_role("heading", level=1)).to_have_text("Bienvenue, Salomé")
    voir()
    page.get_by_label("Mot de passe").fill("court")
    bouton(page, "Ouvrir mon compte")
    expect(page.get_by_role("alert")).to_contain_text("15 caractères")
    voir()
    page.get_by_label("Mot de passe").fill("quatre mots faciles à retenir")
    bouton(page, "Ouvrir mon compte")
    expect(page.locator(".messages")).to_have_text("Votre compte est ouvert.")
    colonne = page.get_by_role("navigation", name="Les pièces de l’espace pro")
    expect(colonne).to_contain_text("Centre social des Deux-Ponts")
    page.goto(lien.partition("8000")[2])
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce lien ne marche plus")
    voir()
    assert Invitation.objects.get().acceptee_le


def test_une_page_ouverte_avant_de_se_connecter_ailleurs_dit_quoi_faire(
    contexte: BrowserContext, page: Page, distribution: Distribution, voir: Voir
) -> None:
    page.goto("/compte/connexion/")
    autre = contexte.new_page()
    autre.goto("/compte/connexion/")
    s_identifier(autre, distribution.amina.email)
    expect(autre.get_by_role("heading", level=1)).to_have_text("Bonjour Amina")
    s_identifier(page, distribution.amina.email)
    expect(page.get_by_role("heading", level=1)).to_contain_text("ouverte depuis trop longtemps")
    voir()


def test_apres_la_deconnexion_le_bouton_retour_ne_montre_rien(
    contexte: BrowserContext, page: Page, distribution: Distribution
) -> None:
    page.goto("/compte/connexion/?next=/compte/")
    s_identifier(page, distribution.amina.email)
    reponse = page.goto("/compte/")
    assert reponse
    assert "no-store" in reponse.headers["cache-control"]
    (session,) = (temoin for temoin in contexte.cookies() if temoin["name"].endswith("session"))
    assert (session["httpOnly"], session["sameSite"]) == (True, "Lax")
    expect(page.get_by_text(distribution.amina.email)).to_be_visible()
    bouton(page, "Se déconnecter")
    expect(page.locator(".messages")).to_have_text("Vous êtes déconnecté.")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Entrer dans l’espace pro")
    assert distribution.amina.email not in page.content()


# --- Mon compte --------------------------------------------------------------------------------------
def test_omar_sans_role_sait_a_qui_en_demander_un(
    page: Page, entrer: Entrer, voir: Voir, indexer: Indexer
) -> None:
    indexer()
    entrer("omar")
    page.goto("/espace/")
    expect(page.get_by_text("Vous n’avez pas encore de rôle")).to_be_visible()
    voir()
    page.get_by_label("Un mot, un public, une difficulté").fill("jardin")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/experiences/\?q=jardin$"))


def test_relier_un_telephone_garder_ses_codes_puis_le_retirer(
    page: Page, distribution: Distribution, voir: Voir
) -> None:
    page.goto("/compte/")
    s_identifier(page, distribution.amina.email)
    voir()
    vieillir_la_preuve(page)
    page.get_by_role("link", name="Changer de mot de passe").click()
    voir()
    page.goto("/compte/sessions/")
    expect(page.get_by_role("listitem").filter(has_text="Celle-ci")).to_contain_text("sur")
    voir()
    page.goto("/compte/second-facteur/")
    voir()
    page.get_by_role("link", name="Relier une application").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirmer que c’est vous")
    voir()
    page.get_by_label("Mot de passe").fill("pas-le-bon")
    bouton(page, "Continuer")
    expect(page.get_by_role("alert")).to_contain_text("Ce n’est pas votre mot de passe")
    page.get_by_label("Mot de passe").fill(MOT_DE_PASSE)
    bouton(page, "Continuer")
    expect(page.get_by_role("img", name="Carré à viser")).to_be_visible()
    voir()
    page.get_by_label("Code à six chiffres").fill("000000")
    bouton(page, "Relier l’application")
    expect(page.get_by_role("alert")).to_contain_text("Ce code n’est pas le bon")
    voir()
    cle = page.locator("code.cle").inner_text()
    page.get_by_label("Code à six chiffres").fill(code_du_moment(cle))
    bouton(page, "Relier l’application")
    expect(page.get_by_role("heading", level=1)).to_have_text("Vos codes de secours")
    expect(page.locator(".codes li")).to_have_count(10)
    voir()
    with page.expect_download() as telechargement:
        page.get_by_role("link", name="Télécharger").click()
    assert telechargement.value.suggested_filename == "maillage-codes-de-secours.txt"
    secours = page.locator(".codes li").first.inner_text()
    page.goto("/compte/second-facteur/")
    voir()
    page.get_by_role("link", name="En créer de nouveaux").click()
    voir()
    page.get_by_role("link", name="Annuler").click()
    page.goto("/compte/deconnexion/")
    voir()
    bouton(page, "Se déconnecter")
    page.goto("/compte/second-facteur/retirer/")
    s_identifier(page, distribution.amina.email)
    page.get_by_label("Code").fill(secours)
    bouton(page, "Entrer")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Retirer l’application")
    voir()
    bouton(page, "Retirer l’application")
    expect(page.get_by_role("link", name="Relier une application")).to_be_visible()


# --- Sans souris -------------------------------------------------------------------------------------
def test_au_clavier_seul_on_entre(page: Page, distribution: Distribution) -> None:
    page.goto("/compte/connexion/")
    suite: list[str] = []
    while suite[-1:] != ["Recevoir un code par courriel"] and len(suite) < 20:
        page.keyboard.press("Tab")
        nom, trait = page.evaluate(
            "() => { const e = document.activeElement, s = getComputedStyle(e);"
            " return [(e.labels?.[0] ?? e).textContent.trim(), s.outlineStyle !== 'none' && s.outlineWidth] }"
        )
        suite.append(nom)
        assert trait == "3px", f"« {nom} » ne montre pas le foyer"
    assert suite[:1] == ["Aller au contenu"]
    assert suite[-4:] == ["Courriel", "Mot de passe", "Entrer", "Recevoir un code par courriel"]
    page.get_by_label("Courriel").focus()
    page.keyboard.type(distribution.amina.email)
    page.keyboard.press("Tab")
    page.keyboard.type(MOT_DE_PASSE)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Amina")
