"""Un retard se rappelle à qui peut juger, une fois par jour ouvré, et à l'administration s'il n'y a personne."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.utils import timezone

from maillage.core.models import Courrier
from maillage.moderation.models import Demande
from maillage.moderation.taches import rappeler
from tests.distribution import Distribution
from tests.fabriques import AppartenanceFactory, DemandeFactory, DepartementFactory, StructureFactory

pytestmark = pytest.mark.django_db
MARDI = datetime(2026, 11, 24, 9, 0, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.fixture
def troupe(distribution: Distribution) -> Distribution:
    distribution.federation.departements.add(distribution.deux_ponts.departement_id)
    return distribution


@pytest.fixture(autouse=True)
def le(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """L'heure du test : `le[0]`."""
    heure = [MARDI]
    monkeypatch.setattr(timezone, "now", lambda: heure[0])
    return heure


def test_rien_en_retard_rien_a_dire(troupe: Distribution) -> None:
    DemandeFactory(structure=troupe.deux_ponts, deposee_le=MARDI - timedelta(hours=30))
    DemandeFactory(structure=troupe.deux_ponts, deposee_le=MARDI - timedelta(days=30), etat="precision")
    assert rappeler.func() == 0
    assert not Courrier.objects.exists()


def test_la_moderatrice_du_territoire_est_rappelee_une_fois_par_jour(
    troupe: Distribution, le: list[datetime]
) -> None:
    for jours in (5, 8):
        DemandeFactory(structure=troupe.deux_ponts, deposee_le=MARDI - timedelta(days=jours))
    assert [rappeler.func() for _ in range(3)] == [1, 0, 0]
    courrier = Courrier.objects.get()
    assert courrier.destinataire == troupe.lea.email
    assert "2 demandes attendent" in courrier.texte and "8\u00a0jours" in courrier.texte
    assert Demande.objects.filter(rappelee_le=MARDI).count() == 2
    le[0] += timedelta(days=1)
    assert rappeler.func() == 1


@pytest.mark.parametrize("jour", [22, 11])
def test_ni_le_dimanche_ni_un_jour_ferie(troupe: Distribution, le: list[datetime], jour: int) -> None:
    """Le 22 novembre 2026 est un dimanche ; le 11 est chômé."""
    le[0] = MARDI.replace(day=jour)
    DemandeFactory(structure=troupe.deux_ponts, deposee_le=le[0] - timedelta(days=20))
    assert rappeler.func() == 0


def test_ce_que_personne_ne_peut_juger_va_a_l_administration(troupe: Distribution) -> None:
    ailleurs = StructureFactory(departement=DepartementFactory(autre=True))
    DemandeFactory(structure=ailleurs, deposee_le=MARDI - timedelta(days=9))
    DemandeFactory(structure=troupe.deux_ponts, deposee_le=MARDI - timedelta(days=5))
    assert rappeler.func() == 2
    textes = {c.destinataire: c.texte for c in Courrier.objects.all()}
    assert "Une demande attend" in textes[troupe.nadia.email] and "9\u00a0jours" in textes[troupe.nadia.email]
    assert "5\u00a0jours" in textes[troupe.lea.email]


def test_on_ne_rappelle_pas_a_qui_y_travaille(troupe: Distribution) -> None:
    AppartenanceFactory(utilisateur=troupe.lea, structure=troupe.deux_ponts)
    DemandeFactory(structure=troupe.deux_ponts, deposee_le=MARDI - timedelta(days=5))
    rappeler.func()
    assert Courrier.objects.get().destinataire == troupe.nadia.email


def test_le_travailleur_la_met_en_file_chaque_jour() -> None:
    assert "maillage.moderation.taches.rappeler" in settings.TACHES_QUOTIDIENNES
