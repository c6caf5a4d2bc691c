"""La charte se lit sans compte : des promesses, et ce qui est vraiment tenu."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from maillage.moderation.choices import Geste
from maillage.moderation.operations import decider
from tests.distribution import Distribution
from tests.fabriques import DemandeFactory

pytestmark = pytest.mark.django_db


def lire(client: Client) -> str:
    reponse = client.get("/moderation/charte/")
    assert reponse.status_code == 200
    return reponse.content.decode().replace("\u00a0", " ")


def test_chacun_la_lit_et_la_trouve_en_bas_de_page(client: Client) -> None:
    texte = lire(client)
    for partie in ("Ce qui paraît", "Ce qui ne paraît pas", "Qui décide", "En combien de temps", "Contester"):
        assert partie in texte
    assert 'id="contester"' in texte
    assert "/moderation/charte/" in client.get("/mentions-legales/").content.decode()


def test_sans_reponse_recente_aucun_delai_n_est_invente(client: Client) -> None:
    texte = lire(client)
    assert "2 jours ouvrés" in texte
    assert "Aucune réponse n’a été donnée ces 30 derniers jours" in texte


def test_les_delais_tenus_sont_ceux_du_reseau_sans_un_nom(client: Client, distribution: Distribution) -> None:
    for jours in (1, 2, 30):
        demande = DemandeFactory(
            structure=distribution.deux_ponts, deposee_le=timezone.now() - timedelta(days=jours)
        )
        decider(demande, Geste.REFUSER, par=distribution.lea, motif="Non.")
    texte = lire(client)
    assert "<b>2 jours</b>" in texte and "sur 3 réponses" in texte
    assert "Roussel" not in texte and "Deux-Ponts" not in texte
