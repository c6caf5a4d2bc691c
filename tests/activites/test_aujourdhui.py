"""« Aujourd'hui » : les séances du jour et les feuilles à terminer."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.activites.aujourdhui import feuilles_a_terminer, seances_du_jour
from maillage.activites.models import Seance
from tests.activites.fabriques import ActiviteFactory, InscriptionFactory, SeanceFactory
from tests.distribution import Distribution

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]
SEANCES, FEUILLES = reverse("seances_aujourdhui"), reverse("feuilles_aujourdhui")


@pytest.fixture
def passee(distribution: Distribution) -> Seance:
    """Avant-hier, animée par Bruno."""
    activite = ActiviteFactory(
        structure=distribution.deux_ponts, titre="Aide aux devoirs", animateurs=[distribution.bruno]
    )
    debut = timezone.now() - timedelta(days=2)
    seance: Seance = SeanceFactory(activite=activite, debut=debut)
    return seance


def test_une_autre_maison_ne_voit_ni_les_seances_ni_les_feuilles(
    passee: Seance, distribution: Distribution, client_de: Ouvrir
) -> None:
    SeanceFactory(activite=passee.activite)
    for page in (SEANCES, FEUILLES):
        assert "Aide aux devoirs" not in client_de("chloe").get(page).content.decode()


def test_une_feuille_attend_qui_anime_et_qui_tient_le_registre(
    passee: Seance, distribution: Distribution
) -> None:
    for personne in (distribution.bruno, distribution.ines, distribution.amina):
        assert list(feuilles_a_terminer(personne)) == [passee]
    assert not feuilles_a_terminer(distribution.farid).exists()


def test_une_feuille_close_une_seance_annulee_ou_trop_ancienne_n_attendent_plus(
    passee: Seance, distribution: Distribution
) -> None:
    for changees in (
        {"feuille_close_le": timezone.now()},
        {"feuille_close_le": None, "etat": "annulee"},
        {
            "etat": "prevue",
            "debut": passee.debut - timedelta(days=60),
            "fin": passee.fin - timedelta(days=60),
        },
    ):
        Seance.objects.filter(pk=passee.pk).update(**changees)
        assert not feuilles_a_terminer(distribution.bruno).exists()


def test_la_seance_du_jour_dit_ses_inscrits_et_pas_celle_d_hier(
    passee: Seance, distribution: Distribution, client_de: Ouvrir
) -> None:
    InscriptionFactory.create_batch(3, activite=passee.activite)
    du_jour = SeanceFactory(
        activite=passee.activite, debut=timezone.localtime().replace(hour=23, minute=59, second=30)
    )
    assert [(une, une.inscrits) for une in seances_du_jour(distribution.bruno)] == [(du_jour, 3)]
    lue = client_de("bruno").get(SEANCES).content.decode()
    assert "3\xa0inscrits" in lue
    assert "Aucune séance" not in lue


def test_la_page_du_jour_offre_de_completer(passee: Seance, client_de: Ouvrir) -> None:
    lue = client_de("bruno").get(FEUILLES).content.decode()
    assert reverse("feuille", args=[passee.pk]) in lue
    assert FEUILLES in client_de("bruno").get(reverse("espace")).content.decode()
