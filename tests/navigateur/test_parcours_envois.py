"""Du dossier envoyé à la lettre reçue, dans un vrai navigateur : Amina au centre, Denis à la Caf, la ville qui lit."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from maillage.projets.models import Envoi, ProjetSocial
from maillage.territoire.choices import GenreInstitution
from tests.distribution import Distribution
from tests.fabriques import InstitutionFactory
from tests.navigateur.conftest import bouton
from tests.projets.fabriques import arbre_d_essai
from tests.projets.fabriques_envois import donner_un_territoire, representant

pytestmark = pytest.mark.django_db(transaction=True)
Entrer = Callable[[str], None]
Voir = Callable[[], None]


def test_un_dossier_part_se_complete_se_compare_et_s_agree(
    page: Page, distribution: Distribution, entrer: Entrer, voir: Voir
) -> None:
    donner_un_territoire(distribution)
    projet = arbre_d_essai(distribution.deux_ponts)

    entrer("amina")
    page.goto(f"/espace/projets/{projet.pk}/cadre/agrement/soumettre/")
    page.get_by_label("Voté par").fill("Conseil d’administration")
    bouton(page, "Envoyer le dossier")
    expect(page.get_by_role("alert")).to_contain_text("Écrivez le jour du vote")
    voir()
    page.get_by_label("Voté le").fill("2026-01-20")
    page.get_by_label("Mot d’accompagnement").fill("Voici notre projet.")
    bouton(page, "Envoyer le dossier")
    expect(page.get_by_text("Vérifiée à l’instant")).to_be_visible()
    voir()

    entrer("denis")
    page.goto("/espace/dossiers/")
    voir()
    page.get_by_role("link", name="Centre social des Deux-Ponts").click()
    page.get_by_role("link", name="Lire : Dossier d’agrément, version 1").click()
    bouton(page, "Accuser réception")
    page.get_by_label("Votre annotation").fill("Dites qui suit cette action.")
    page.get_by_label("Le centre aussi").check()
    bouton(page, "Annoter")
    expect(page.get_by_text("Dites qui suit cette action.", exact=True)).to_be_visible()
    voir()
    page.get_by_role("link", name="Répondre : compléments").click()
    voir()
    page.get_by_role("link", name="Demander des compléments").click()
    page.get_by_label("Les points à compléter").fill("Le nom du projet\nLa place des habitants")
    voir()
    bouton(page, "Demander ces compléments")
    expect(page.get_by_text("Le centre complète son dossier.")).to_be_visible()

    entrer("amina")
    page.goto(f"/espace/projets/{projet.pk}/cadre/agrement/")
    expect(page.get_by_text("Dites qui suit cette action.", exact=True)).to_be_visible()
    voir()
    page.get_by_role("link", name="Répondre au point 1").click()
    page.get_by_label("Votre réponse").fill("Il est changé.")
    voir()
    bouton(page, "Enregistrer la réponse")
    ProjetSocial.objects.update(nom="Projet social du pont")
    page.get_by_role("link", name="Envoyer le dossier").click()
    bouton(page, "Envoyer le dossier")
    expect(page.get_by_role("heading", level=1)).to_contain_text("version 2")

    entrer("denis")
    page.goto(f"/espace/dossiers/{projet.pk}/")
    expect(page.get_by_text("Il est changé.")).to_be_visible()
    page.get_by_role("link", name="Comparer 1 et 2").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("De la version 1")
    voir()
    page.goto(f"/espace/dossiers/{projet.pk}/")
    page.get_by_role("link", name="Rendre un avis").click()
    page.get_by_label("Favorable", exact=True).check()
    page.get_by_label("Le centre peut lire cet avis").check()
    voir()
    bouton(page, "Garder cet avis")
    page.get_by_role("link", name="Noter la décision").click()
    page.get_by_label("Accordée").first.check()
    page.get_by_label("Commission ou instance").fill("Commission d’action sociale")
    voir()
    bouton(page, "Noter et écrire la lettre")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Lettre n°")
    voir()

    entrer("amina")
    page.goto(f"/espace/projets/{projet.pk}/cadre/agrement/")
    page.get_by_role("link", name="Lettre n°").click()
    expect(page.get_by_role("cell", name="Accordée")).to_be_visible()
    projet.refresh_from_db()
    assert projet.etat == "agree" and projet.structure.agrements.count() == 1
    assert Envoi.objects.count() == 2


def test_une_ville_lit_ce_que_la_direction_lui_donne(
    page: Page, distribution: Distribution, entrer: Entrer, voir: Voir
) -> None:
    ville = InstitutionFactory(nom="Ville de Thiers", genre=GenreInstitution.COLLECTIVITE)
    representant(distribution, ville)
    projet = arbre_d_essai(distribution.deux_ponts)
    entrer("amina")
    page.goto(f"/espace/projets/{projet.pk}/cadre/agrement/soumettre/")
    bouton(page, "Envoyer le dossier")
    page.goto(f"/espace/projets/{projet.pk}/envois/")
    voir()
    page.get_by_role("link", name="Donner à lire").click()
    page.get_by_label("À qui").select_option(label="Ville de Thiers")
    page.get_by_label("Dossier d’agrément, version 1").check()
    voir()
    bouton(page, "Donner à lire")
    expect(page.locator(".messages")).to_contain_text("peut maintenant lire")

    entrer("lea")
    page.goto("/espace/dossiers-partages/")
    voir()
    page.get_by_role("main").get_by_role("link", name="version 1").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("version 1")
    expect(page.get_by_role("button", name="Annoter")).to_have_count(0)
    voir()
