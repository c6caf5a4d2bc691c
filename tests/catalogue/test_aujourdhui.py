"""Ce que le catalogue montre dans « Aujourd'hui » : à chacun le sien."""

import pytest
from django.test import Client
from django.urls import reverse

from maillage.catalogue.choices import EtatPoint, GenrePoint
from tests.distribution import distribuer
from tests.fabriques import ExperienceFactory, PointAVerifierFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("prenom", ["amina", "denis", "omar"])
def test_qui_ne_modere_pas_ne_voit_pas_les_points(client: Client, prenom: str) -> None:
    client.force_login(distribuer().personne(prenom))
    assert client.get(reverse("points_en_attente")).status_code == 404
    assert reverse("points_en_attente") not in client.get(reverse("espace")).content.decode()


@pytest.mark.parametrize("prenom", ["lea", "omar"])
def test_qui_n_agit_pour_aucune_structure_n_a_pas_d_experiences(client: Client, prenom: str) -> None:
    client.force_login(distribuer().personne(prenom))
    assert client.get(reverse("experiences_de_mes_structures")).status_code == 404


def test_lea_voit_combien_de_points_attendent_par_genre(client: Client) -> None:
    troupe = distribuer()
    for genre, etat in (
        (GenrePoint.TELEPHONE, EtatPoint.A_VERIFIER),
        (GenrePoint.TELEPHONE, EtatPoint.A_VERIFIER),
        (GenrePoint.COURRIEL, EtatPoint.ECARTE),
    ):
        PointAVerifierFactory(genre=genre, etat=etat)
    client.force_login(troupe.lea)
    assert reverse("points_en_attente") in client.get(reverse("espace")).content.decode()
    page = client.get(reverse("points_en_attente")).content.decode()
    assert "2\u00a0points" in page
    assert "Téléphone : 2" in page.replace("\u00a0", " ")
    assert "Courriel" not in page


def test_amina_voit_les_siennes_et_pas_celles_de_chloe(client: Client) -> None:
    troupe = distribuer()
    ExperienceFactory.create_batch(2, structure=troupe.deux_ponts)
    ExperienceFactory(structure=troupe.deux_ponts, brouillon=True)
    ExperienceFactory(structure=troupe.quatre_vents)
    client.force_login(troupe.amina)
    page = client.get(reverse("experiences_de_mes_structures")).content.decode()
    assert "2\u00a0expériences" in page
    assert troupe.quatre_vents.nom not in page


def test_avec_un_script_seul_le_fragment_est_rendu(client: Client) -> None:
    client.force_login(distribuer().amina)
    fragment = client.get(reverse("experiences_de_mes_structures"), HTTP_HX_REQUEST="true").content.decode()
    assert "<section" in fragment
    assert "<html" not in fragment
