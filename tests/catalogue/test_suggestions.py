"""Les suggestions pendant la frappe, en JSON."""

from collections.abc import Callable

import pytest
from django.test import Client

from maillage.catalogue.choices import GenrePoint
from tests.fabriques import ExperienceFactory, PointAVerifierFactory, TermeFactory

pytestmark = pytest.mark.django_db


def suggerees(client: Client, q: str) -> list[str]:
    reponse = client.get("/experiences/suggestions", {"q": q})
    assert reponse.status_code == 200
    assert reponse["Content-Type"] == "application/json"
    return [proposition["libelle"] for proposition in reponse.json()]


def test_sans_index_on_ne_propose_rien(client: Client, indexer: Callable[[], int]) -> None:
    assert suggerees(client, "jar") == []


@pytest.mark.parametrize("q", ["", "a", " ", "\x00", "%", "z" * 3000, "|m|", "((("])
def test_une_frappe_absurde_ne_propose_rien(client: Client, indexer: Callable[[], int], q: str) -> None:
    ExperienceFactory()
    indexer()
    assert suggerees(client, q) == []


@pytest.mark.parametrize("etat", ["brouillon", "retiree"])
def test_une_fiche_non_publiee_n_est_jamais_proposee(
    client: Client, indexer: Callable[[], int], etat: str
) -> None:
    ExperienceFactory(titre="Kayak secret", **{etat: True})
    indexer()
    assert suggerees(client, "kay") == []


def test_un_courriel_masque_ne_revient_pas_par_le_titre(client: Client, indexer: Callable[[], int]) -> None:
    fiche = ExperienceFactory(titre="Jardin de a@essais.exemple")
    PointAVerifierFactory(
        experience=fiche,
        genre=GenrePoint.COURRIEL,
        champ="titre",
        debut=10,
        fin=26,
        extrait="a@essais.exemple",
    )
    indexer()
    assert "Jardin de [courriel masqué]" in suggerees(client, "jar")
    assert not any("a@essais" in libelle for libelle in suggerees(client, "jar"))


def test_on_propose_des_mots_des_valeurs_et_des_titres(client: Client, indexer: Callable[[], int]) -> None:
    ExperienceFactory(titre="Le jardin des Tilleuls", termes=[TermeFactory(libelle="Jardin partagé")])
    indexer()
    assert {"Jardin partagé", "jardin", "Le jardin des Tilleuls"} <= set(suggerees(client, "jar"))


def test_les_accents_ne_comptent_pas_en_tapant(client: Client, indexer: Callable[[], int]) -> None:
    ExperienceFactory(titre="École du vélo")
    indexer()
    assert "École du vélo" in suggerees(client, "vel")
