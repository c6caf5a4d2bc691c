"""Le registre, dans un vrai navigateur : noter, trouver, un foyer, un accord, un doublon, un import, un effacement."""

import io
import re
from collections.abc import Callable

import pytest
from openpyxl import Workbook
from playwright.sync_api import Page, expect

from maillage.personnes.choices import ChampDePersonne, EtatPersonne
from maillage.personnes.models import Personne
from tests.distribution import Distribution
from tests.navigateur.conftest import bouton
from tests.personnes.fabriques import PersonneFactory, ouvrir_les_champs

pytestmark = pytest.mark.django_db(transaction=True)
Entrer = Callable[[str], None]
Voir = Callable[[], None]


def test_ines_tient_le_registre_au_clavier(
    page: Page, distribution: Distribution, entrer: Entrer, voir: Voir
) -> None:
    ouvrir_les_champs(distribution.deux_ponts, ChampDePersonne.NAISSANCE, ChampDePersonne.TELEPHONE)
    entrer("ines")
    page.goto("/espace/personnes/")
    expect(page.get_by_text("Personne n’est encore noté")).to_be_visible()
    voir()
    page.get_by_role("link", name="Noter une personne").press("Enter")
    bouton(page, "Noter")
    expect(page.get_by_role("alert")).to_contain_text("au moins un prénom")
    voir()
    page.get_by_label("Prénom").fill("Salima")
    page.get_by_label(re.compile("^Nom")).fill("Morel")
    page.get_by_label(re.compile("^Nom")).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Salima Morel")
    voir()
    page.locator("summary", has_text="Noter un foyer").click()
    bouton(page, "Noter le foyer")
    PersonneFactory(structure=distribution.deux_ponts, prenom="Inaya", nom="Morel", naissance=2018)
    page.get_by_label("Son nom").fill("inaia")
    page.get_by_label("Son nom").press("Enter")
    page.get_by_label("Inaya Morel").check()
    page.get_by_label("Son lien").select_option("enfant")
    voir()
    bouton(page, "Ajouter au foyer")
    expect(page.get_by_role("listitem").filter(has_text="Inaya Morel")).to_contain_text("Enfant")
    voir()
    page.get_by_role("link", name="Salima Morel").click()
    page.locator("summary", has_text="Noter un accord").click()
    page.get_by_label("Être pris en photo").check()
    bouton(page, "Noter l’accord")
    expect(page.get_by_text("L’accord est noté")).to_be_visible()
    voir()
    page.get_by_role("button", name="Retirer l’accord").click()
    expect(page.get_by_text("Retiré", exact=True)).to_be_visible()
    page.goto("/espace/personnes/?q=moral")
    expect(page.get_by_role("link", name="Salima Morel")).to_be_visible()
    voir()


def test_amina_importe_reunit_puis_efface(
    page: Page, distribution: Distribution, entrer: Entrer, voir: Voir
) -> None:
    PersonneFactory(structure=distribution.deux_ponts, prenom="Éloïse", nom="Le Goff")
    livre, tampon = Workbook(), io.BytesIO()
    for ligne in (["Prénom", "Nom"], ["Eloise", "Le Gof"], ["Karim", "Saïdi"], ["—", ""]):
        livre.active.append(ligne)  # type: ignore[union-attr]
    livre.save(tampon)
    entrer("amina")
    page.goto("/espace/personnes/importer/")
    voir()
    page.get_by_label("Le classeur").set_input_files(
        {"name": "liste.xlsx", "mimeType": "application/octet-stream", "buffer": tampon.getvalue()}
    )
    bouton(page, "Déposer et vérifier")
    expect(page.get_by_text("nom proche, à une faute près")).to_be_visible()
    voir()
    bouton(page, "Noter ces personnes")
    expect(page.get_by_text("L’import est fait")).to_be_visible()
    voir()
    page.goto("/espace/personnes/doublons/")
    voir()
    page.get_by_role("link", name="Comparer").click()
    voir()
    bouton(page, "Réunir les deux fiches")
    expect(page.get_by_role("heading", name="Fiches réunies à celle-ci")).to_be_visible()
    voir()
    page.get_by_role("link", name="Ses droits").click()
    voir()
    page.get_by_role("link", name="Lire et imprimer").click()
    voir()
    page.go_back()
    nom = page.get_by_role("navigation", name="Fil d’Ariane").get_by_role("link").last.inner_text()
    page.locator("summary", has_text="Effacer cette personne").click()
    page.get_by_label("Pour confirmer").fill("quelqu’un")
    bouton(page, "Effacer pour toujours")
    expect(page.get_by_text("Rien n’est effacé")).to_be_visible()
    page.locator("summary", has_text="Effacer cette personne").click()
    page.get_by_label("Pour confirmer").fill(nom)
    bouton(page, "Effacer pour toujours")
    expect(page.get_by_text("La personne est effacée")).to_be_visible()
    assert Personne.objects.filter(etat=EtatPersonne.EFFACEE).count() == 2
    for adresse in ("reglages", "reglages/champs/telephone", "conservation", "traitements"):
        page.goto(f"/espace/personnes/{adresse}/")
        voir()
