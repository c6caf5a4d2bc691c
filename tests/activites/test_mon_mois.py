"""« Mon mois » : des nombres nommés en entier, par fiche, sans aucun nom."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.activites.models import Activite, VenueSansNom
from maillage.activites.mois import MoisPartage, mois_de
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


# --- Montrer son mois par une adresse -----------------------------------------------------------------
def adresse_partagee(client: Client, mois: str = "2026-03") -> str:
    page = client.get(PAGE, {"mois": mois}).content.decode()
    (lien,) = re.findall(r'id="id_lien" value="([^"]+)"', page)
    return str(lien).removeprefix(settings.MAILLAGE_URL)


def test_une_adresse_devinee_ou_retouchee_ne_montre_rien(
    client: Client, client_de: Ouvrir, activite: Activite
) -> None:
    _tenue(activite, 4)
    bonne = adresse_partagee(client_de("bruno"))
    for fausse in (bonne.replace("2026-03", "2026-04"), "/mois/1:2026-03-01:2099-01-01.faux/", "/mois/1/"):
        assert client.get(fausse).status_code == 404


def test_un_mois_partage_se_lit_sans_compte_sans_nom_et_sans_petit_nombre(
    client: Client, client_de: Ouvrir, activite: Activite, distribution: Distribution
) -> None:
    rosa = PersonneFactory(structure=distribution.deux_ponts, prenom="Rosalinde")
    seance = _tenue(activite, 4)
    PresenceFactory(seance=seance, personne=rosa)
    VenueSansNom.objects.create(seance=seance, nombre=14)
    reponse = client.get(adresse_partagee(client_de("bruno")))
    page = reponse.content.decode()
    assert reponse.status_code == 200
    assert (reponse["X-Robots-Tag"], reponse["Cache-Control"]) == ("noindex", "private, no-store")
    assert "moins de 11" in page
    assert "<b>14</b>" in page
    assert "Rosalinde" not in page
    assert "<b>1</b><span>séances tenues" in page


def test_une_adresse_perimee_le_dit_et_celle_de_qui_est_parti_n_existe_plus(
    client: Client, client_de: Ouvrir, activite: Activite, distribution: Distribution
) -> None:
    _tenue(activite, 4)
    valable = adresse_partagee(client_de("bruno"))
    perimee = MoisPartage(distribution.bruno.pk, MARS, timezone.localdate() - timedelta(days=1)).adresse
    reponse = client.get(perimee)
    assert reponse.status_code == 410
    assert "Demandez-en une nouvelle" in reponse.content.decode()
    distribution.bruno.appartenances.all().delete()
    assert client.get(valable).status_code == 404
