"""L'accueil : chercher, se situer, entrer."""

import pytest
from django.test import Client

from tests.fabriques import DepartementFactory, ExperienceFactory, RegionFactory, StructureFactory

pytestmark = pytest.mark.django_db


def test_une_installation_vide_a_un_accueil(client: Client) -> None:
    page = client.get("/").content.decode()
    assert "Ce qu’un centre social apprend" in page
    assert "Dernières arrivées" not in page


def test_un_brouillon_et_une_fiche_retiree_n_y_paraissent_pas(client: Client) -> None:
    ExperienceFactory(brouillon=True, titre="Pas encore")
    ExperienceFactory(retiree=True, titre="Plus maintenant")
    page = client.get("/").content.decode()
    assert "Pas encore" not in page and "Plus maintenant" not in page


def test_aucun_cookie_pour_un_anonyme(client: Client) -> None:
    assert not client.get("/").cookies


def test_les_tuiles_comptent_les_experiences_et_menent_au_catalogue(client: Client) -> None:
    ExperienceFactory.create_batch(2)
    reunion = DepartementFactory(
        code="974", nom="La Réunion", region=RegionFactory(code="04", nom="La Réunion", slug="la-reunion")
    )
    ExperienceFactory(structure=StructureFactory(departement=reunion))
    page = client.get("/").content.decode()
    assert 'region=auvergne-rhone-alpes">Auvergne-Rhône-Alpes <b>2</b>' in page
    assert 'region=la-reunion">Outre-mer <b>1</b>' in page
    assert "3\u00a0expériences par région" in page


def test_les_chiffres_nationaux_disent_leur_annee_et_leur_source(client: Client) -> None:
    page = client.get("/").content.decode()
    assert "2\u202f380" in page and "2024 · Observatoire Senacs" in page


def test_les_dernieres_arrivees_viennent_d_abord(client: Client) -> None:
    from datetime import UTC, datetime

    for mois in (1, 3, 2, 4):
        ExperienceFactory(titre=f"Arrivée {mois}", publie_le=datetime(2026, mois, 1, tzinfo=UTC))
    page = client.get("/").content.decode()
    assert page.index("Arrivée 4") < page.index("Arrivée 3") < page.index("Arrivée 2")
    assert "Arrivée 1" not in page


@pytest.mark.parametrize(
    ("code", "adresse"), [("63", "/departements/63/"), ("99", "/centres/"), ("", "/centres/")]
)
def test_le_menu_des_departements_mene_a_la_page(client: Client, code: str, adresse: str) -> None:
    DepartementFactory()
    assert client.get("/departements/", {"code": code}).headers["Location"] == adresse
