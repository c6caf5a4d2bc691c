"""Les pages de confiance, les statistiques, le plan et ce que lisent les moteurs."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from maillage.core.models import Audience
from maillage.portail.views import plan
from tests.fabriques import ExperienceFactory, StructureFactory

pytestmark = pytest.mark.django_db
XMLNS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
PAGES = [
    "/accessibilite/",
    "/donnees-personnelles/",
    "/mentions-legales/",
    "/code-source/",
    "/statistiques/",
    "/plan-du-site/",
    "/donnees/",
    "/api/",
]


def adresses(xml: bytes) -> list[str]:
    return [str(noeud.text) for noeud in ET.fromstring(xml).iter(f"{XMLNS}loc")]  # noqa: S314 - notre XML


@pytest.mark.parametrize(
    "nom", ["autre", "experiences-0", "experiences-9999", "centres", "pages-1", "centres-x"]
)
def test_un_plan_inconnu_n_existe_pas(client: Client, nom: str) -> None:
    assert client.get(f"/sitemap-{nom}.xml").status_code == 404


@pytest.mark.parametrize("adresse", PAGES)
def test_chaque_page_s_ouvre_sans_compte_ni_cookie(client: Client, adresse: str) -> None:
    reponse = client.get(adresse)
    assert reponse.status_code == 200 and not reponse.cookies


def test_l_etat_d_accessibilite_est_dit_tel_qu_il_est(client: Client) -> None:
    page = client.get("/accessibilite/").content.decode()
    assert "<title>Accessibilité\u00a0: non conforme" in page
    assert "pas conforme" in page and "Défenseur des droits" in page and "%" not in page.split("<main")[1]


def test_des_mentions_incompletes_le_disent(client: Client, settings: Any) -> None:
    settings.EDITEUR = dict.fromkeys(settings.EDITEUR, "") | {"nom": "Fédération d’essai"}
    page = client.get("/mentions-legales/").content.decode()
    assert "incomplètes" in page and "l’hébergeur" in page and "Fédération d’essai" in page
    assert "le nom de l’éditeur" not in page


def test_des_mentions_completes_ne_reclament_rien(client: Client, settings: Any) -> None:
    settings.EDITEUR = dict.fromkeys(settings.EDITEUR, "renseigné") | {"courriel": "bonjour@essai.exemple"}
    page = client.get("/mentions-legales/").content.decode()
    assert "incomplètes" not in page and "mailto:bonjour@essai.exemple" in page


def test_les_statistiques_comptent_le_catalogue_et_l_audience(client: Client) -> None:
    ExperienceFactory.create_batch(2)
    ExperienceFactory(brouillon=True)
    jour = timezone.localdate()
    Audience.objects.create(jour=jour, page="accueil", nombre=41)
    Audience.objects.create(jour=jour, page="chose_interne", nombre=7)
    Audience.objects.create(jour=jour - timedelta(days=800), page="accueil", nombre=1000)
    page = client.get("/statistiques/").content.decode()
    assert "<b>2</b><span>expériences publiées" in page
    assert '<th scope="row">Accueil</th><td class="nb">41</td>' in page
    assert "chose_interne" not in page and "Autres pages" in page
    assert "1\u202f000" not in page


def test_l_audience_se_telecharge(client: Client) -> None:
    Audience.objects.create(jour=timezone.localdate(), page="accueil", nombre=3)
    texte = client.get("/statistiques/audience.csv").content.decode("utf-8-sig")
    assert texte.splitlines() == ["jour;page;affichages", f"{timezone.localdate()};accueil;3"]


def test_le_plan_mene_a_des_pages_qui_existent(client: Client, indexer: Callable[[], object]) -> None:
    StructureFactory()
    indexer()
    page = client.get("/plan-du-site/")
    for lien in page.context["pages"]:
        assert client.get(lien["url"]).status_code in {200, 302}, lien
    assert "/departements/63/" in page.content.decode()


def test_les_moteurs_trouvent_chaque_page_publique(
    client: Client, settings: Any, indexer: Callable[[], object]
) -> None:
    settings.MAILLAGE_URL = "http://testserver"
    structure = StructureFactory(slug="la-ruche")
    fiche = ExperienceFactory(structure=structure)
    ExperienceFactory(structure=structure, brouillon=True)
    indexer()
    trouvees = []
    for fichier in adresses(client.get("/sitemap.xml").content):
        trouvees += adresses(client.get(fichier).content)
    assert "http://testserver/centres/la-ruche/" in trouvees
    assert f"http://testserver/experiences/{fiche.code}/{fiche.slug}/" in trouvees
    assert len([a for a in trouvees if "/experiences/" in a and not a.endswith("/experiences/")]) == 1
    assert all(client.get(adresse).status_code == 200 for adresse in trouvees)


def test_un_grand_catalogue_tient_en_plusieurs_fichiers(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "ADRESSES_PAR_FICHIER", 2)
    structure = StructureFactory()
    ExperienceFactory.create_batch(5, structure=structure)
    fichiers = [a for a in adresses(client.get("/sitemap.xml").content) if "experiences" in a]
    assert len(fichiers) == 3
    lues = [a for n in (1, 2, 3) for a in adresses(client.get(f"/sitemap-experiences-{n}.xml").content)]
    assert len(set(lues)) == 5


def test_les_robots_savent_ou_est_le_plan(client: Client, settings: Any) -> None:
    texte = client.get("/robots.txt").content.decode()
    assert f"Sitemap: {settings.MAILLAGE_URL}/sitemap.xml" in texte
