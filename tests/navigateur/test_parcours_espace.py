"""Léa tient le catalogue dans un vrai navigateur : importer, vérifier, tenir les synonymes."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from maillage.catalogue.models import Experience, Importation
from maillage.catalogue.recherche import ConsommateurRecherche
from maillage.core.suivi import rattraper
from tests.catalogue.page_source import bloc, rendre
from tests.fabriques import ExperienceFactory
from tests.navigateur.conftest import bouton
from tests.navigateur.test_parcours_catalogue import jusqu_a

pytestmark = pytest.mark.django_db(transaction=True)
Entrer = Callable[[str], None]
Voir = Callable[[], None]
Indexer = Callable[[], int]

NUMERO, ADRESSE = "06 12 34 56 78", "jardin@exemple.fr"
ABIMEE = rendre([bloc(titre="La fiche abîmée")], avec_titre_du_site=False).replace("- Résumé\n", "")
PAGE_DU_CATALOGUE = "\n".join(
    [
        rendre(
            [
                bloc(description=f"- Appeler le {NUMERO} le matin", perspectives=f"Écrire à {ADRESSE}."),
                bloc(titre="Le jardin des voisins, suite", dimensions=["Gourmandise"]),
            ]
        ),
        ABIMEE,
        rendre([bloc(titre="La buanderie des palabres", resume="Une laverie où l’on cause.")],
               avec_titre_du_site=False),
    ]
)  # fmt: skip


@pytest.fixture(autouse=True)
def fichiers_a_part(settings: Any, tmp_path: Path) -> None:
    stockage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": stockage}


def deposer(page: Page, contenu: str | bytes, nom: str = "page.txt") -> None:
    octets = contenu.encode() if isinstance(contenu, str) else contenu
    page.get_by_label("La page, en texte brut").set_input_files(
        {"name": nom, "mimeType": "text/plain", "buffer": octets}
    )
    bouton(page, "Déposer et voir l’aperçu")


# --- Importer ----------------------------------------------------------------------------------------
@pytest.mark.aussi_sur_postgresql
def test_lea_depose_une_page_lit_l_apercu_confirme_et_chacun_trouve_la_fiche(
    page: Page, entrer: Entrer, voir: Voir, sans_obstacle: Callable[[Page], None], indexer: Indexer
) -> None:
    ExperienceFactory(titre="Une fiche déjà là")
    indexer()
    entrer("lea")
    page.goto("/espace/importations/")
    expect(page.get_by_text("Aucun import pour l’instant")).to_be_visible()
    voir()
    deposer(page, PAGE_DU_CATALOGUE)
    expect(page.get_by_role("heading", level=1)).to_have_text("Aperçu de l’import")
    expect(page.get_by_text("Le libellé « Résumé » manque.")).to_be_visible()
    expect(page.get_by_text(NUMERO, exact=True)).to_be_visible()
    page.get_by_text("Les fiches qui entreront").click()
    expect(page.get_by_text("La buanderie des palabres")).to_be_visible()
    voir()
    assert Experience.objects.count() == 1
    bouton(page, "Confirmer l’import")
    expect(page.locator(".messages")).to_contain_text(re.compile(r"3\snouvelles fiches publiées"))
    voir()
    rattraper(ConsommateurRecherche())
    page.goto("/experiences/?q=buandrie")
    page.get_by_role("link", name="La buanderie des palabres").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("La buanderie des palabres")
    page.goto("/espace/importations/")
    voir()
    deposer(page, PAGE_DU_CATALOGUE)
    expect(page.get_by_text("Rien à importer.")).to_be_visible()
    sans_obstacle(page)


def test_abandonner_un_depot_n_importe_rien(page: Page, entrer: Entrer, voir: Voir) -> None:
    entrer("lea")
    page.goto("/espace/importations/")
    deposer(page, PAGE_DU_CATALOGUE)
    bouton(page, "Abandonner")
    expect(page.locator(".messages")).to_contain_text("« page.txt » est abandonné")
    page.get_by_role("link", name="page.txt").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Import abandonné")
    voir()
    assert not Experience.objects.exists()


def test_un_mauvais_fichier_est_refuse_avec_sa_raison(
    page: Page, entrer: Entrer, voir: Voir, settings: Any
) -> None:
    settings.TAILLE_MAX_FICHIER = 200_000
    entrer("lea")
    page.goto("/espace/importations/")
    bouton(page, "Déposer et voir l’aperçu")
    expect(page.get_by_role("alert")).to_contain_text("Choisissez d’abord un fichier")
    for contenu, raison in (
        (b"", "vide"),
        (b"\x89PNG\r\n\x1a\n\x00\x01", "une image"),
        ("Compte rendu du conseil du 3 mars", "pas une page du catalogue"),
        (rendre([bloc()]).encode("cp1252"), "UTF-8"),
        (rendre([bloc()]).rpartition("- Suite")[0], "tronquée"),
        (b"a" * 2_000_000, "dépasse"),
    ):
        deposer(page, contenu)
        expect(page.get_by_role("alert")).to_contain_text(raison)
    voir()
    assert not Importation.objects.exists()


# --- Vérifier ----------------------------------------------------------------------------------------
def test_garder_masque_ou_afficher_et_ce_que_le_public_en_voit(
    navigateur: Browser, live_server: Any, page: Page, entrer: Entrer, voir: Voir
) -> None:
    entrer("lea")
    page.goto("/espace/points/")
    expect(page.get_by_text("Rien à vérifier ici")).to_be_visible()
    voir()
    page.goto("/espace/importations/")
    deposer(page, PAGE_DU_CATALOGUE)
    bouton(page, "Confirmer l’import")
    page.goto("/espace/")
    page.get_by_role("link", name=re.compile("^Téléphone")).click()
    expect(page.locator("mark")).to_have_text(NUMERO)
    page.get_by_role("button", name="Garder masqué").click()
    expect(page.locator(".messages")).to_contain_text("« Garder masqué » est noté")
    expect(page.locator(".messages")).to_be_in_viewport()
    expect(page.get_by_text("Rien à vérifier ici")).to_be_visible()
    page.goto("/espace/points/?genre=courriel")
    page.get_by_role("button", name="Afficher").click()
    page.goto("/espace/points/")
    voir()

    fiche = Experience.objects.get(titre="Le jardin des voisins")
    lecteur = navigateur.new_context(base_url=live_server.url)
    public = lecteur.new_page()
    public.goto(f"/experiences/{fiche.code}/{fiche.slug}/")
    expect(public.get_by_role("main")).to_contain_text(ADRESSE)
    expect(public.get_by_role("main")).to_contain_text("[téléphone masqué]")
    assert NUMERO not in public.content()

    page.get_by_label("État").select_option("Traité")
    bouton(page, "Filtrer")
    voir()
    page.get_by_role("button", name="Revenir dessus").click()
    expect(page.locator(".messages")).to_contain_text("de nouveau à vérifier")
    page.goto("/espace/points/?genre=telephone")
    page.get_by_role("button", name="Afficher").click()
    public.reload()
    expect(public.get_by_role("main")).to_contain_text(NUMERO)
    lecteur.close()


# --- Synonymes ---------------------------------------------------------------------------------------
def test_un_synonyme_enregistre_sert_a_la_recherche_suivante(
    page: Page, entrer: Entrer, voir: Voir, indexer: Indexer
) -> None:
    ExperienceFactory(titre="La buanderie des palabres")
    indexer()
    entrer("lea")
    page.goto("/experiences/?q=lavomatic")
    expect(page.get_by_role("link", name="La buanderie des palabres")).to_have_count(0)
    page.goto("/espace/synonymes/?mots=lavomatic")
    expect(page.get_by_text("Aucun groupe ne dit cela")).to_be_visible()
    voir()
    page.get_by_role("link", name="Ajouter un groupe").click()
    voir()
    bouton(page, "Enregistrer")
    expect(page.get_by_role("alert")).to_contain_text("au moins deux termes différents")
    voir()
    page.get_by_label("Les termes, un par ligne").fill("lavomatic\nbuanderie")
    page.get_by_label("Cette recherche").fill("lavomatic")
    bouton(page, "Essayer")
    expect(page.get_by_role("status")).to_contain_text(re.compile(r"aujourd’hui.*La buanderie", re.DOTALL))
    voir()
    bouton(page, "Enregistrer")
    expect(page.locator(".messages")).to_contain_text("La recherche s’en sert déjà")
    voir()
    page.goto("/experiences/?q=lavomatic")
    expect(page.get_by_role("link", name="La buanderie des palabres")).to_be_visible()
    page.goto("/espace/synonymes/?mots=lavomatic&essai=lavomatic")
    voir()
    page.get_by_role("link", name="Modifier").click()
    page.get_by_text("Supprimer ce groupe").click()
    voir()
    bouton(page, "Supprimer « lavomatic »")
    expect(page.locator(".messages")).to_be_visible()
    page.goto("/experiences/?q=lavomatic")
    expect(page.get_by_role("link", name="La buanderie des palabres")).to_have_count(0)


# --- Sans souris -------------------------------------------------------------------------------------
def test_au_clavier_seul_on_importe_puis_on_verifie(page: Page, entrer: Entrer) -> None:
    fichier: FilePayload = {"name": "p.txt", "mimeType": "text/plain", "buffer": PAGE_DU_CATALOGUE.encode()}
    # La fenêtre de choix s'intercepte dès l'ouverture : demandée au moment de la touche, l'interception
    # arrive parfois après elle, et la fenêtre s'ouvre pour personne.
    page.on("filechooser", lambda choix: choix.set_files(fichier))
    entrer("lea")
    page.goto("/espace/")
    jusqu_a(page, page.get_by_role("link", name="Imports").first)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/importations/$"))
    page.wait_for_load_state()  # une touche pressée trop tôt irait à la page que l'on quitte
    champ = page.get_by_label("La page, en texte brut")
    jusqu_a(page, champ)
    page.keyboard.press("Space")
    expect(champ).to_have_value(re.compile(r"p\.txt$"))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Aperçu de l’import")
    jusqu_a(page, page.get_by_role("button", name="Confirmer l’import"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Import fini")
    jusqu_a(page, page.get_by_role("link", name="Tout vérifier"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/points/$"))
    jusqu_a(page, page.get_by_role("button", name="Garder masqué").first)
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_contain_text("« Garder masqué » est noté")
    jusqu_a(page, page.get_by_role("button", name="Garder masqué").first, pas_max=3)
