"""L'avis en sortant : un geste, le jour même, sans nom, et un partage qui ne trahit personne."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from maillage.activites.choices import EtatSeance, ReponseSatisfaction
from maillage.activites.jetons import AVIS
from maillage.activites.models import Satisfaction, Seance
from maillage.activites.operations.satisfaction import donner_satisfaction
from maillage.activites.satisfaction import avis_de
from maillage.core.ecriture import GesteRefuse
from tests.activites.fabriques import ActiviteFactory, SeanceFactory
from tests.distribution import Distribution

pytestmark = pytest.mark.django_db
ClientDe = Callable[[str], Client]


@pytest.fixture
def seance(distribution: Distribution) -> Seance:
    une: Seance = SeanceFactory(
        activite=ActiviteFactory(structure=distribution.deux_ponts, animateurs=[distribution.bruno])
    )
    return une


def adresse(seance: Seance) -> str:
    return reverse("avis_de_sortie", args=[AVIS.sign(str(seance.pk))])


def test_la_veille_le_lendemain_ou_annulee_la_page_est_fermee(seance: Seance, client: Client) -> None:
    for champs in (
        {"debut": seance.debut - timedelta(days=1)},
        {"debut": seance.debut + timedelta(days=1), "fin": seance.fin + timedelta(days=1)},
        {"debut": seance.debut, "fin": seance.fin, "etat": EtatSeance.ANNULEE},
    ):
        Seance.objects.filter(pk=seance.pk).update(**champs)
        reponse = client.post(adresse(seance), {"reponse": "tres", "cle": str(uuid4())})
        assert reponse.status_code == 410
    assert not Satisfaction.objects.exists()


@pytest.mark.parametrize(
    "donnees", [{}, {"reponse": "roi", "cle": str(uuid4())}, {"reponse": "tres", "cle": "x"}]
)
def test_un_geste_mal_forme_n_existe_pas(donnees: dict[str, str], seance: Seance, client: Client) -> None:
    assert client.post(adresse(seance), donnees).status_code == 404
    assert not Satisfaction.objects.exists()


def test_une_seance_annulee_ne_recoit_pas_d_avis(seance: Seance) -> None:
    seance.etat = EtatSeance.ANNULEE
    with pytest.raises(GesteRefuse, match="annulée"):
        donner_satisfaction(seance, ReponseSatisfaction.TRES, cle=uuid4())


def test_le_meme_geste_ne_compte_qu_une_fois(seance: Seance, client: Client) -> None:
    geste = {"reponse": "plutot", "cle": str(uuid4())}
    for _ in range(2):
        assert "Merci" in client.post(adresse(seance), geste).content.decode()
    assert Satisfaction.objects.get().reponse == ReponseSatisfaction.PLUTOT


def test_le_debit_est_limite(seance: Seance, client: Client) -> None:
    codes = {client.get(adresse(seance)).status_code for _ in range(70)}
    assert codes == {200, 429}


def test_un_partage_ne_se_montre_qu_a_partir_de_cinq(
    seance: Seance, client_de: ClientDe, distribution: Distribution
) -> None:
    for nombre in range(1, 6):
        donner_satisfaction(
            seance, ReponseSatisfaction.TRES if nombre > 1 else ReponseSatisfaction.PAS, cle=uuid4()
        )
        assert bool(avis_de(seance).parts) is (nombre >= 5)
    page = client_de("bruno").get(reverse("feuille", args=[seance.pk])).content.decode()
    assert "5\u00a0avis sans nom" in page and dict(avis_de(seance).parts) == {
        "Très content": "80",
        "Plutôt content": "0",
        "Plutôt déçu": "0",
        "Déçu": "20",
    }
