"""Tenir son équipe et l'annuaire, dans un vrai navigateur : inviter, accepter, second facteur, départ, reprise."""

import re
import time
from collections.abc import Callable

import pytest
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Page, expect

from maillage.catalogue.choices import EtatContribution, GenreContribution
from maillage.catalogue.models import Collection, Contribution
from maillage.comptes.choices import Role
from maillage.comptes.middleware import VU
from maillage.comptes.models import Appartenance
from maillage.comptes.operations import inviter
from maillage.demo.distribution import code_du_moment
from tests.courrier import chemin_du_dernier, courriels
from tests.distribution import Distribution
from tests.fabriques import (
    MOT_DE_PASSE,
    SECRET_DU_TELEPHONE,
    AppartenanceFactory,
    ExperienceFactory,
    StructureFactory,
)
from tests.navigateur.conftest import bouton

pytestmark = pytest.mark.django_db(transaction=True)
Entrer = Callable[[str], None]
Voir = Callable[[], None]
PHRASE = "quatre mots faciles à retenir"


def se_confirmer(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirmer que c’est vous")
    page.get_by_label("Mot de passe").fill(MOT_DE_PASSE)
    bouton(page, "Continuer")


@pytest.mark.aussi_sur_postgresql
def test_inviter_accepter_puis_partir_en_passant_son_travail(
    page: Page, distribution: Distribution, entrer: Entrer, voir: Voir
) -> None:
    entrer("amina")
    page.goto("/espace/")
    page.get_by_role("navigation", name="Les pièces de l’espace pro").get_by_role(
        "link", name="Équipe"
    ).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Centre social des Deux-Ponts")
    expect(page.get_by_role("listitem").filter(has_text="Amina Benali")).to_contain_text("Vous")
    voir()
    page.locator("summary", has_text="Qui peut donner").click()
    voir()
    page.get_by_role("link", name="Inviter").click()
    se_confirmer(page)
    bouton(page, "Inviter")
    expect(page.get_by_role("alert")).to_contain_text("3 champs à revoir")
    voir()
    page.get_by_label("Courriel professionnel").fill("salome@exemple.fr")
    page.get_by_label("Prénom").fill("Salomé")
    page.get_by_label("Nom", exact=True).fill("Dupré")
    page.get_by_label(re.compile("^Contributeur")).check()
    bouton(page, "Inviter")
    expect(page.locator(".messages")).to_contain_text("L’invitation part à salome@exemple.fr")
    expect(page.get_by_role("heading", name="1 invitation en attente")).to_be_visible()
    voir()

    page.context.clear_cookies()
    page.goto(chemin_du_dernier("salome@exemple.fr"))
    page.get_by_label("Mot de passe").fill("Deux-Ponts-Maillage-2026")
    bouton(page, "Ouvrir mon compte")
    expect(page.get_by_role("alert")).to_contain_text("se devine")
    page.get_by_label("Mot de passe").fill(PHRASE)
    bouton(page, "Ouvrir mon compte")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Salomé")

    tenue = Appartenance.objects.get(utilisateur__email="salome@exemple.fr")
    experience = ExperienceFactory(structure=distribution.deux_ponts)
    brouillon = Contribution.objects.create(
        experience=experience,
        genre=GenreContribution.REVISION,
        etat=EtatContribution.EN_ECRITURE,
        auteur=tenue.utilisateur,
    )
    Collection.objects.create(
        code="jardins1", titre="Nos jardins", structure=distribution.deux_ponts, auteur=tenue.utilisateur
    )
    page.context.clear_cookies()
    entrer("amina")
    page.goto(f"/espace/equipe/membre/{tenue.pk}/")
    voir()
    page.get_by_role("link", name="Changer le rôle").click()
    se_confirmer(page)
    voir()
    page.get_by_role("link", name="Annuler").click()
    page.get_by_role("link", name="Noter son départ").click()
    expect(page.get_by_text("Elle laisse 1 brouillon et 1 collection.")).to_be_visible()
    bouton(page, "Noter le départ")
    expect(page.get_by_role("alert")).to_contain_text("Dites qui reprend")
    voir()
    page.get_by_label("À qui passent ses brouillons").select_option(label="Inès Moreau")
    bouton(page, "Noter le départ")
    expect(page.locator(".messages")).to_contain_text("Le départ de Salomé Dupré est noté")
    page.get_by_text("Ont quitté l’équipe").click()
    expect(page.get_by_text("travail repris par Inès Moreau")).to_be_visible()
    voir()
    brouillon.refresh_from_db()
    assert brouillon.auteur == distribution.ines


def test_une_moderatrice_invitee_relie_son_telephone_avant_de_rien_voir(
    page: Page, distribution: Distribution, voir: Voir
) -> None:
    inviter(
        email="maud@exemple.fr",
        prenom="Maud",
        nom="Leroy",
        role=Role.MODERATRICE,
        organisation=distribution.federation,
        par=distribution.lea,
    )
    page.goto(chemin_du_dernier("maud@exemple.fr"))
    page.get_by_label("Mot de passe").fill(PHRASE)
    bouton(page, "Ouvrir mon compte")
    expect(page.get_by_role("heading", level=1)).to_have_text("Relier une application d’authentification")
    expect(page.get_by_text("Votre rôle demande un second facteur.")).to_be_visible()
    voir()
    page.goto("/espace/points/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Relier une application d’authentification")
    page.get_by_label("Code à six chiffres").fill(code_du_moment(page.locator("code.cle").inner_text()))
    bouton(page, "Relier l’application")
    expect(page.get_by_role("heading", level=1)).to_have_text("Vos codes de secours")
    expect(page.get_by_role("button", name="Imprimer")).to_be_visible()
    voir()
    page.get_by_role("link", name="J’ai rangé mes codes, continuer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Maud")
    assert "Vous avez relié une application" in courriels("maud@exemple.fr")[-1].body


def test_la_federation_trouve_les_centres_sans_direction_et_retire_un_second_facteur(
    page: Page, distribution: Distribution, entrer: Entrer, voir: Voir
) -> None:
    StructureFactory(nom="Espace de la Clairière")
    collegue = AppartenanceFactory(
        utilisateur__prenom="Maud",
        utilisateur__nom="Leroy",
        institution=distribution.federation,
        role=Role.MODERATRICE,
    )
    entrer("lea")
    page.goto("/espace/equipe/")
    expect(page.get_by_role("link", name="Espace de la Clairière")).to_be_visible()
    voir()
    page.get_by_label("Son nom").fill("zzz")
    bouton(page, "Trouver")
    expect(page.get_by_text("Aucun lieu de ce nom")).to_be_visible()
    voir()
    page.goto("/espace/equipe/")
    page.get_by_role("link", name="Espace de la Clairière").click()
    expect(page.get_by_text("Personne n’est encore ici")).to_be_visible()
    voir()
    page.goto(f"/espace/equipe/membre/{collegue.pk}/second-facteur/")
    se_confirmer(page)
    voir()
    bouton(page, "Retirer le second facteur")
    expect(page.locator(".messages")).to_contain_text("Son second facteur est retiré")
    expect(page.get_by_text("À relier")).to_be_visible()
    voir()


def test_le_reseau_complete_fait_reprendre_et_defait(
    page: Page, distribution: Distribution, entrer: Entrer, voir: Voir
) -> None:
    StructureFactory(nom="Espace de la Clairière", a_completer=True)
    entrer("lea")
    page.goto("/espace/structures/")
    voir()
    page.get_by_label("Un nom, une commune").fill("zzz")
    bouton(page, "Trouver")
    expect(page.get_by_text("Aucune structure ne répond")).to_be_visible()
    voir()
    page.get_by_role("link", name="Ajouter une structure").click()
    bouton(page, "Ajouter")
    expect(page.get_by_role("alert")).to_be_visible()
    voir()
    page.goto("/espace/structures/")
    page.get_by_role("link", name="Espace de la Clairière").click()
    expect(page.get_by_text("Cette fiche est à compléter.")).to_be_visible()
    voir()
    page.get_by_role("link", name="Compléter la fiche").click()
    voir()
    page.get_by_label("Commune").fill("Atlantis")
    bouton(page, "Enregistrer")
    expect(page.get_by_role("alert")).to_contain_text("n’est pas une commune")
    page.get_by_role("link", name="Annuler").click()
    page.get_by_role("link", name="Changer de gestionnaire").click()
    se_confirmer(page)
    page.get_by_label("Son nom, s’il n’est pas dans la liste").fill("Association des Rives")
    page.get_by_label("Pour confirmer").fill("espace")
    bouton(page, "Changer de gestionnaire")
    expect(page.get_by_role("alert")).to_contain_text("Ce n’est pas le nom")
    voir()
    page.get_by_label("Pour confirmer").fill("espace de la clairiere")
    bouton(page, "Changer de gestionnaire")
    expect(page.locator(".messages")).to_contain_text("Association des Rives")
    page.get_by_role("link", name="Faire reprendre par une autre").click()
    voir()
    page.get_by_label("La structure qui reprend").select_option(label="Centre social des Deux-Ponts")
    page.get_by_label("Pour confirmer").fill("Espace de la Clairière")
    bouton(page, "Faire reprendre")
    expect(page.get_by_text("Reprise par Centre social des Deux-Ponts")).to_be_visible()
    voir()
    page.get_by_role("link", name="Voir la page publique").click()
    expect(page.get_by_text("Cette structure a été reprise par")).to_be_visible()
    page.go_back()
    bouton(page, "Défaire")
    expect(page.locator(".messages")).to_contain_text("de nouveau ouverte")
    page.get_by_role("link", name="Fermer").click()
    voir()


def test_deux_minutes_avant_la_fermeture_on_reste_connecte_d_un_geste(
    page: Page, distribution: Distribution, entrer: Entrer, voir: Voir
) -> None:
    entrer("lea")
    page.clock.install()
    page.goto("/espace/")
    expect(page.get_by_role("button", name="Rester connecté")).to_be_hidden()
    reculer_le_dernier_geste(page, minutes=28)
    page.clock.fast_forward("28:05")
    expect(page.get_by_role("alert")).to_have_text(
        "Votre session se ferme dans deux minutes, faute de geste."
    )
    voir()
    bouton(page, "Rester connecté")
    expect(page.get_by_role("button", name="Rester connecté")).to_be_hidden()
    reculer_le_dernier_geste(page, minutes=31)
    page.clock.fast_forward("28:05")
    expect(page.get_by_role("alert")).to_contain_text("Votre session s’est fermée")
    voir()


def test_ce_qui_est_envoye_trop_tard_se_retrouve_en_rentrant(
    page: Page, distribution: Distribution, entrer: Entrer, voir: Voir
) -> None:
    entrer("lea")
    page.goto("/espace/synonymes/nouveau/")
    page.get_by_label("Les termes, un par ligne").fill("potager partagé au pied des tours\njardin")
    reculer_le_dernier_geste(page, minutes=31)
    bouton(page, "Enregistrer")
    expect(page.get_by_text("Ce que vous écriviez est gardé")).to_be_visible()
    page.get_by_label("Courriel").fill(distribution.lea.email)
    page.get_by_label("Mot de passe").fill(MOT_DE_PASSE)
    bouton(page, "Entrer")
    page.get_by_label("Code").fill(code_du_moment(SECRET_DU_TELEPHONE))
    bouton(page, "Entrer")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce que vous écriviez est gardé")
    voir()
    bouton(page, "Envoyer maintenant")
    expect(page.locator(".messages")).to_contain_text("potager partagé")


def reculer_le_dernier_geste(page: Page, *, minutes: int) -> None:
    """Le temps passe côté serveur : la session de cette fenêtre n'a rien reçu depuis tant de minutes."""
    (temoin,) = (t["value"] for t in page.context.cookies() if t["name"].endswith("session"))
    session = SessionStore(temoin)
    session[VU] = int(time.time()) - minutes * 60
    session.save()
