"""« Mon mois » : des nombres nommés en entier, par fiche, sans aucun nom."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.activites.models import Activite, VenueSansNom
from maillage.activites.mois import mois_de
from tests.activites.fabriques import ActiviteFactory, PresenceFactory, SeanceFactory
from tests.distribution import Distribution
from tests.personnes.fabriques import PersonneFactory

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]
PAGE = reverse("mon_mois")
MARS = date(2026, 3, 1)


@pytest.fixture
def activite(distribution: Distribution) -> Activite:
    creee: Activite = ActiviteFactory(structure=distribution.deux_ponts, animateurs=[distribution.bruno])
    return creee


def _tenue(activite: Activite, jour: int, mois: int = 3, heure: int = 14) -> object:
    return SeanceFactory(activite=activite, etat="tenue", debut=datetime(2026, mois, jour, heure, tzinfo=UTC))


def test_rien_de_ce_qu_anime_une_autre_ni_d_une_seance_non_tenue(
    activite: Activite, distribution: Distribution
) -> None:
    SeanceFactory(activite=activite, debut=datetime(2026, 3, 4, 14, tzinfo=UTC))
    _tenue(ActiviteFactory(structure=distribution.deux_ponts, animateurs=[distribution.farid]), 5)
    assert mois_de(distribution.bruno, MARS).total.seances == 0


def test_les_trois_nombres_ne_se_melent_pas(activite: Activite, distribution: Distribution) -> None:
    rosa, karim = PersonneFactory.create_batch(2, structure=distribution.deux_ponts)
    une, autre = _tenue(activite, 4), _tenue(activite, 11)
    for seance, personne in ((une, rosa), (autre, rosa), (autre, karim)):
        PresenceFactory(seance=seance, personne=personne)
    VenueSansNom.objects.create(seance=une, nombre=7)
    total = mois_de(distribution.bruno, MARS).total
    assert (total.seances, total.heures) == (2, Decimal(3))
    assert (total.presences, total.personnes, total.sans_nom) == (3, 2, 7)


def test_un_soir_de_fin_de_mois_est_du_mois_ou_il_se_tient(
    activite: Activite, distribution: Distribution
) -> None:
    """23 h 30 au temps universel, le 31 mars : déjà avril à Clermont-Ferrand."""
    _tenue(activite, 31, heure=23)
    assert mois_de(distribution.bruno, MARS).total.seances == 0
    assert mois_de(distribution.bruno, date(2026, 4, 1)).total.seances == 1


def test_la_page_ne_nomme_personne_et_change_de_mois(activite: Activite, client_de: Ouvrir) -> None:
    PresenceFactory(
        seance=_tenue(activite, 4),
        personne=PersonneFactory(structure=activite.structure, prenom="Rosa", nom="Marchetti"),
    )
    bruno = client_de("bruno")
    lue = bruno.get(PAGE, {"mois": "2026-03"}).content.decode()
    assert "présences nommées" in lue
    assert "Rosa" not in lue and "Marchetti" not in lue
    assert "?mois=2026-02" in lue
    assert "Aucune séance tenue" in client_de("farid").get(PAGE, {"mois": "2026-03"}).content.decode()


@pytest.mark.parametrize("mois", ["", "n'importe", "2026-13", "9999-01", "0001-01"])
def test_un_mois_illisible_ou_a_venir_rend_celui_qui_court(mois: str, client_de: Ouvrir) -> None:
    lue = client_de("bruno").get(PAGE, {"mois": mois}).content.decode()
    hier = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
    assert f"?mois={hier:%Y-%m}" in lue
    assert 'rel="next"' not in lue
