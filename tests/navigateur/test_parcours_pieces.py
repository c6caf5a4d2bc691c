"""Images, collections et doublons dans un vrai navigateur : joindre, décrire, lire ; rassembler, ranger ; réunir."""

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, expect

from maillage.catalogue.choices import GenrePoint
from maillage.catalogue.models import Collection, Contribution, PieceJointe
from maillage.catalogue.operations.pieces import publier_pieces
from tests.collections_d_essai import CollectionFactory
from tests.distribution import Distribution
from tests.fabriques import (
    ContributionFactory,
    ExperienceFactory,
    PartenaireFactory,
    PointAVerifierFactory,
    TermeFactory,
)
from tests.fichiers_d_essai import SVG, pdf
from tests.navigateur.conftest import bouton
from tests.navigateur.test_pages_publiques import POIDS_MAX

pytestmark = pytest.mark.django_db(transaction=True)
Entrer = Callable[[str], None]
Voir = Callable[[], None]


@pytest.fixture(autouse=True)
def fichiers_a_part(settings: Any, tmp_path: Path) -> None:
    stockage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": stockage}


@pytest.fixture
def brouillon(distribution: Distribution) -> Contribution:
    experience = ExperienceFactory(structure=distribution.deux_ponts, titre="Une table au marché du jeudi")
    return ContributionFactory(experience=experience, auteur=distribution.amina)


def dessin(couleur: str, largeur: int = 1800, hauteur: int = 1200) -> bytes:
    image = Image.effect_noise((largeur, hauteur), 30).convert("RGB")
    trait = ImageDraw.Draw(image)
    for rang in range(12):
        trait.ellipse(
            (rang * 140, rang * 60, rang * 140 + 500, rang * 60 + 500), fill=couleur, outline="white"
        )
    sortie = io.BytesIO()
    image.save(sortie, "JPEG", quality=85)
    return sortie.getvalue()


def fichier(nom: str, contenu: bytes, genre: str = "image/jpeg") -> dict[str, Any]:
    return {"name": nom, "mimeType": genre, "buffer": contenu}


# --- Images et documents --------------------------------------------------------------------------
def test_amina_joint_deux_images_et_un_pdf_les_decrit_et_chacun_les_voit_une_fois_acceptes(
    page: Page, entrer: Entrer, voir: Voir, brouillon: Contribution, distribution: Distribution,
    navigateur: Browser, live_server: Any,
) -> None:  # fmt: skip
    entrer("amina")
    page.goto(f"/espace/contributions/{brouillon.pk}/pieces/")
    expect(page.get_by_text("Commencez par une seule photo")).to_be_visible()
    voir()
    bouton(page, "Joindre")
    expect(page.get_by_role("alert")).to_contain_text("Choisissez d’abord")
    voir()
    choix = page.get_by_label("Fichiers à joindre")
    choix.set_input_files([fichier("marché.jpg", dessin("#0B6570"))])
    bouton(page, "Joindre")
    expect(page.locator(".messages")).to_contain_text("ont dit oui")
    choix.set_input_files(
        [
            fichier("marché.jpg", dessin("#0B6570")),
            fichier("atelier.jpg", dessin("#C2402A", 1200, 1800)),
            fichier("affiche.pdf", pdf(), "application/pdf"),
            fichier("piège.svg", SVG, "image/svg+xml"),
        ]
    )
    page.get_by_label(re.compile("Les personnes que l’on reconnaît")).check()
    bouton(page, "Joindre")
    expect(page.locator(".messages")).to_contain_text("3 fichiers joints")
    expect(page.locator(".messages")).to_contain_text("piège.svg")
    voir()
    bouton(page, "Enregistrer les mots")
    expect(page.get_by_text("2 images attendent leurs mots")).to_be_visible()
    voir()
    mots = page.get_by_label("Ce que montre l’image")
    mots.nth(0).fill("Deux bénévoles accueillent un habitant à une table du marché.")
    page.get_by_label(re.compile("^Image décorative")).nth(1).check()
    page.get_by_label("Légende et crédit").nth(0).fill("Le jeudi, photo du centre social.")
    descendre = page.get_by_role("button", name="Descendre « marché.webp »")
    descendre.focus()
    page.keyboard.press("Enter")
    expect(page.locator("ol h3").nth(1)).to_have_text("marché.webp")
    expect(page.get_by_role("button", name="Descendre « marché.webp »")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("ol h3").nth(0)).to_have_text("marché.webp")
    page.get_by_role("button", name="Retirer « affiche.pdf »").click()
    expect(page.locator(".messages")).to_contain_text("« affiche.pdf » est retirée")
    voir()
    bouton(page, "Annuler")
    expect(page.locator(".messages")).to_contain_text("est de nouveau là")
    voir()

    public = navigateur.new_context(
        base_url=live_server.url, viewport={"width": 1280, "height": 800}
    ).new_page()
    poids: list[int] = []
    public.on("response", lambda r: poids.append(r.request.sizes()["responseBodySize"]))
    adresse = f"/experiences/{brouillon.experience.code}/{brouillon.experience.slug}/"
    public.goto(adresse)
    expect(public.locator("main img")).to_have_count(0)
    publier_pieces(brouillon, par=distribution.lea)
    poids.clear()
    public.goto(adresse, wait_until="networkidle")
    image = public.get_by_alt_text("Deux bénévoles accueillent un habitant à une table du marché.")
    expect(image).to_be_visible()
    assert image.evaluate("i => i.decode().then(() => i.naturalWidth)") > 200
    assert sum(poids) <= POIDS_MAX
    public.get_by_text("Une autre image").click()
    expect(public.locator("main img")).to_have_count(2)
    with public.expect_download() as recu:
        public.get_by_role("link", name="affiche.pdf").click()
    assert recu.value.suggested_filename == "affiche.pdf"
    public.context.close()
    page.goto(adresse)
    voir()


@pytest.mark.parametrize("contexte", [{"java_script_enabled": False}], indirect=True)
def test_sans_script_on_joint_aussi(page: Page, entrer: Entrer, brouillon: Contribution) -> None:
    entrer("bruno")
    page.goto(f"/espace/contributions/{brouillon.pk}/pieces/")
    page.get_by_label("Fichiers à joindre").set_input_files(
        [fichier("affiche.pdf", pdf(), "application/pdf")]
    )
    bouton(page, "Joindre")
    expect(page.locator(".messages")).to_contain_text("1 fichier joint")
    assert PieceJointe.objects.get().nom == "affiche.pdf"


# --- Retirer une fiche ----------------------------------------------------------------------------
def test_amina_retire_une_fiche_puis_la_remet(
    page: Page, entrer: Entrer, voir: Voir, brouillon: Contribution
) -> None:
    entrer("amina")
    page.goto(f"/e/{brouillon.experience.code}")
    page.get_by_role("link", name="Retirer du catalogue").click()
    voir()
    bouton(page, "Retirer la fiche")
    expect(page.get_by_role("alert")).to_contain_text("Choisissez une raison")
    voir()
    page.get_by_label("Ce qu’elle raconte n’est plus juste.").check()
    bouton(page, "Retirer la fiche")
    expect(page.get_by_role("heading", level=1)).to_have_text("Cette fiche a été retirée")
    expect(page.get_by_role("main")).to_contain_text("Ce qu’elle raconte n’est plus juste.")
    voir()
    bouton(page, "Remettre en ligne")
    expect(page.get_by_role("heading", level=1)).to_have_text("Une table au marché du jeudi")


# --- Collections ----------------------------------------------------------------------------------
def test_amina_compose_une_collection_au_clavier_la_partage_et_l_imprime(
    page: Page, entrer: Entrer, voir: Voir, distribution: Distribution, navigateur: Browser, live_server: Any
) -> None:
    fiches = [
        ExperienceFactory(structure=distribution.quatre_vents, titre=titre)
        for titre in ("Le café des aidants", "Un bus, deux ordinateurs", "La photo de famille")
    ]
    entrer("amina")
    page.goto("/espace/collections/")
    expect(page.get_by_text("Aucune collection")).to_be_visible()
    voir()
    page.goto(f"/e/{fiches[0].code}")
    page.get_by_role("link", name="Ajouter à une collection").click()
    voir()
    page.get_by_label("Titre de la collection").fill("Aller vers les aînés")
    bouton(page, "Créer et ajouter la fiche")
    expect(page.get_by_label("Pourquoi cette fiche")).to_be_focused()
    page.keyboard.type("Simple à reprendre chez nous.")
    bouton(page, "Enregistrer")
    expect(page.locator(".messages")).to_contain_text("La collection est enregistrée")
    for fiche in fiches[1:]:
        page.goto(f"/espace/experiences/{fiche.code}/collections/")
        page.get_by_role("button", name="Ajouter à « Aller vers les aînés »").click()
        expect(page.locator(".messages")).to_be_visible()
    voir()
    page.get_by_label("Présentation").fill("Pour le conseil d’administration de mars.")
    page.get_by_role("button", name="Monter « La photo de famille »").focus()
    page.keyboard.press("Enter")
    expect(page.locator("ol h3").nth(1)).to_have_text("La photo de famille")
    expect(page.get_by_role("button", name="Monter « La photo de famille »")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("ol h3").nth(0)).to_have_text("La photo de famille")
    expect(page.get_by_role("button", name="Descendre « La photo de famille »")).to_be_focused()
    expect(page.get_by_label("Présentation")).to_have_value("Pour le conseil d’administration de mars.")
    page.get_by_role("button", name="Ôter « Un bus, deux ordinateurs »").click()
    bouton(page, "Annuler")
    expect(page.locator("ol h3")).to_have_count(3)
    page.get_by_label(re.compile("^Partagée")).check()
    bouton(page, "Enregistrer")
    voir()
    page.goto("/espace/collections/")
    voir()
    collection = Collection.objects.get()
    lecteur = navigateur.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 800})
    public = lecteur.new_page()
    public.goto(f"/collections/{collection.code}/")
    expect(public.get_by_role("heading", level=2).nth(0)).to_have_text("La photo de famille")
    expect(public.get_by_role("main")).to_contain_text("Simple à reprendre chez nous.")
    with public.expect_download() as recu:
        public.get_by_role("link", name="PDF").click()
    assert recu.value.suggested_filename == "Aller vers les aînés.pdf"
    public.emulate_media(media="print")
    expect(public.get_by_role("button", name="Copier le lien")).to_be_hidden()
    expect(public.get_by_text(f"/collections/{collection.code}/")).to_be_visible()
    lecteur.close()
    page.goto(f"/collections/{collection.code}/")
    voir()


def test_deux_collegues_dans_la_meme_collection_ne_se_perdent_pas_un_mot(
    page: Page, entrer: Entrer, voir: Voir, distribution: Distribution
) -> None:
    collection = CollectionFactory(
        titre="Nos idées",
        structure=distribution.deux_ponts,
        auteur=distribution.bruno,
        fiches=[ExperienceFactory()],
    )
    entrer("amina")
    page.goto(f"/espace/collections/{collection.code}/")
    page.get_by_label("Présentation").fill("Ce qu’Amina écrit.")
    Collection.objects.update(version=9, note="Ce que Bruno a écrit.")
    bouton(page, "Enregistrer")
    expect(page.get_by_role("alert")).to_contain_text("Ce que Bruno a écrit.")
    expect(page.get_by_label("Présentation")).to_have_value("Ce qu’Amina écrit.")
    voir()
    bouton(page, "Enregistrer")
    expect(page.locator(".messages")).to_contain_text("est enregistrée")


# --- Doublons -------------------------------------------------------------------------------------
def test_lea_compare_deux_fiches_les_reunit_puis_les_separe(
    page: Page, entrer: Entrer, voir: Voir, distribution: Distribution
) -> None:
    entrer("lea")
    page.goto("/espace/doublons/")
    expect(page.get_by_text("Aucun doublon à comparer")).to_be_visible()
    voir()
    gardee = ExperienceFactory(
        structure=distribution.deux_ponts,
        titre="Le potager des voisins",
        partenaires=[PartenaireFactory(nom="Mairie")],
        limites="L’été, il manque des bras pour arroser.",
    )
    doublon = ExperienceFactory(
        structure=distribution.deux_ponts,
        titre="Le potager partagé des voisins",
        partenaires=[PartenaireFactory(nom="Bailleur social")],
        termes=[TermeFactory()],
        resume="Des voisins cultivent ensemble une parcelle prêtée par le bailleur.",
    )
    PointAVerifierFactory(
        experience=doublon, genre=GenrePoint.DOUBLON, champ="", debut=None, fin=None, proche_de=gardee
    )
    page.goto("/espace/points/")
    page.get_by_role("link", name="Comparer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Est-ce la même action ?")
    page.goto("/espace/doublons/")
    voir()
    page.get_by_role("link", name="Comparer").click()
    expect(page.get_by_role("main")).to_contain_text("Partenaires : Bailleur social.")
    voir()
    page.get_by_label(re.compile("^Le potager partagé")).check()
    bouton(page, "Voir ainsi")
    expect(page.get_by_role("main")).to_contain_text("Partenaires : Mairie.")
    page.go_back()
    bouton(page, "Réunir les deux fiches")
    expect(page.locator(".messages")).to_contain_text("Son ancienne adresse y mène")
    voir()
    page.goto(f"/e/{doublon.code}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Le potager des voisins")
    expect(page.get_by_role("main")).to_contain_text("Bailleur social")
    page.goto("/espace/doublons/")
    page.get_by_role("button", name="Séparer « Le potager partagé des voisins »").click()
    expect(page.locator(".messages")).to_contain_text("de nouveau une fiche à part")
    voir()
