"""Importer un document dans un vrai navigateur : déposer, relire, corriger, quitter, revenir, importer."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from maillage.projets.models import ProjetSocial
from tests.distribution import Distribution
from tests.navigateur.conftest import bouton
from tests.projets.depots_d_essai import PAGE

pytestmark = pytest.mark.django_db(transaction=True)
Entrer = Callable[[str], None]
Voir = Callable[[], None]


@pytest.fixture(autouse=True)
def fichiers_a_part(settings: Any, tmp_path: Path) -> None:
    stockage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": stockage}


def fichier(nom: str, contenu: bytes) -> dict[str, Any]:
    return {"name": nom, "mimeType": "application/octet-stream", "buffer": contenu}


def test_une_directrice_importe_son_projet_en_le_relisant(
    page: Page, distribution: Distribution, entrer: Entrer, voir: Voir
) -> None:
    entrer("amina")
    page.goto("/espace/projets/importer/")
    voir()
    page.get_by_label("Le document").set_input_files(fichier("cr.txt", b"Compte rendu du conseil."))
    bouton(page, "Déposer et lire le document")
    expect(page.get_by_role("alert")).to_contain_text("Aucun projet social reconnu")
    voir()
    page.get_by_label("Le document").set_input_files(fichier("projet.html", PAGE.encode()))
    bouton(page, "Déposer et lire le document")
    expect(page.get_by_role("heading", level=1)).to_have_text("Relire le document")
    voir()

    page.get_by_role("link", name="L’arbre").click()
    page.get_by_label("Titre de l’axe").first.fill("Connaître ses droits")
    voir()
    bouton(page, "Enregistrer")
    expect(page.get_by_text("1 correction")).to_be_visible()
    page.get_by_role("link", name="Les fiches actions").click()
    expect(page.get_by_role("region", name="Passage du document")).to_contain_text("n’osent plus")
    voir()
    page.get_by_role("button", name="Enregistrer et voir la suivante").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Fiche 2 sur 3")).to_be_visible()
    page.get_by_label("Mettre de côté").check()
    bouton(page, "Enregistrer et voir la suivante")
    expect(page.get_by_role("heading", name="Fiche 3 sur 3")).to_be_visible()

    page.goto("/espace/projets/importer/")
    page.get_by_role("link", name="projet.html").click()
    expect(page.get_by_text("1 de côté")).to_be_visible()
    page.get_by_role("link", name="Nom, période, territoire").click()
    page.get_by_label("Nom du projet").fill("Projet social des Deux-Ponts")
    voir()
    bouton(page, "Enregistrer")
    bouton(page, "Tout accepter et importer")
    expect(page.get_by_role("heading", level=1)).to_have_text("Projet social des Deux-Ponts")
    projet = ProjetSocial.objects.get()
    assert projet.fiches.count() == 2
    assert projet.axes.get(lettre="1").titre == "Connaître ses droits"

    page.goto(f"/espace/projets/{projet.pk}/dossier/")
    voir()
    page.get_by_role("link", name="Reprendre ailleurs").click()
    voir()
    with page.expect_download() as telechargement:
        page.get_by_role("link", name="Document Word").click()
    assert telechargement.value.suggested_filename == "Projet social des Deux-Ponts.docx"
