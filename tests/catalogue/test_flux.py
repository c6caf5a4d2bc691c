"""Le flux Atom d'une recherche."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client
from lxml import etree

from tests.fabriques import ExperienceFactory, TermeFactory

pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def lire(client: Client, suite: str = "") -> etree._Element:
    reponse = client.get(f"/experiences/flux.atom{suite}")
    assert reponse.status_code == 200
    assert reponse["Content-Type"].startswith("application/atom+xml")
    return etree.fromstring(reponse.content)


def entrees(flux: etree._Element) -> list[str]:
    return [titre.text for titre in flux.findall("a:entry/a:title", ATOM)]


@pytest.mark.erreur_journalisee
def test_sans_index_le_flux_dit_de_revenir(client: Client, indexer: Callable[[], int]) -> None:
    assert client.get("/experiences/flux.atom").status_code == 503


def test_une_fiche_non_publiee_n_est_pas_dans_le_flux(client: Client, indexer: Callable[[], int]) -> None:
    ExperienceFactory(brouillon=True)
    indexer()
    assert entrees(lire(client)) == []


def test_un_texte_impossible_en_xml_ne_casse_pas_le_flux(client: Client, indexer: Callable[[], int]) -> None:
    ExperienceFactory(titre="Jardin\x0b & <b>haies", resume="Semer\x01 <script>")
    indexer()
    flux = lire(client, "?q=%01jardin")
    assert entrees(flux) == ["Jardin\n & <b>haies"]
    assert "&lt;script&gt;" in flux.findtext("a:entry/a:summary", namespaces=ATOM)


def test_le_flux_suit_les_filtres_de_la_page_les_plus_recentes_d_abord(
    client: Client, indexer: Callable[[], int]
) -> None:
    sante = TermeFactory(libelle="Santé")
    for titre, annee in (("Ancienne", 2022), ("Récente", 2025)):
        ExperienceFactory(titre=titre, publie_le=datetime(annee, 1, 5, tzinfo=UTC), termes=[sante])
    ExperienceFactory(titre="Ailleurs")
    indexer()
    assert entrees(lire(client, "?mot_cle=sante&tri=titre")) == ["Récente", "Ancienne"]


def test_l_identifiant_d_une_entree_est_son_adresse_courte(
    client: Client, indexer: Callable[[], int]
) -> None:
    fiche = ExperienceFactory()
    indexer()
    identifiant = lire(client).findtext("a:entry/a:id", namespaces=ATOM)
    assert identifiant.endswith(f"/e/{fiche.code}")


def test_la_page_annonce_le_flux_de_la_meme_recherche(client: Client, indexer: Callable[[], int]) -> None:
    indexer()
    html = client.get("/experiences/?q=jardin&statut=en_cours&tri=titre").content.decode()
    assert 'type="application/atom+xml" href="/experiences/flux.atom?q=jardin&amp;statut=en_cours"' in html
