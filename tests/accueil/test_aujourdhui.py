"""« Aujourd'hui » : les passages du jour, à côté d'un jour habituel."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.accueil.habitudes import jour_de_comptoir
from maillage.accueil.models import Passage, TypeDeDemande
from maillage.territoire.models import Structure
from tests.distribution import Distribution

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]
PAGE = reverse("passages_aujourdhui")
MIDI = timezone.localtime().replace(year=2026, month=11, day=20, hour=14, minute=40)


@pytest.fixture
def a_quatorze_heures_quarante(monkeypatch: pytest.MonkeyPatch) -> None:
    """Un vendredi."""
    monkeypatch.setattr(timezone, "now", lambda: MIDI)


def _passages(centre: Structure, le: datetime, combien: int) -> None:
    Passage.objects.bulk_create(Passage(structure=centre, le=le, cle=uuid4()) for _ in range(combien))


@pytest.mark.usefixtures("a_quatorze_heures_quarante")
def test_un_jour_habituel_est_la_moyenne_a_la_meme_heure(distribution: Distribution) -> None:
    centre = distribution.deux_ponts
    _passages(centre, MIDI - timedelta(hours=2), 5)
    for semaine, matin in ((1, 2), (2, 4)):  # la troisième semaine, le centre était fermé
        jour = MIDI - timedelta(weeks=semaine)
        _passages(centre, jour - timedelta(hours=4), matin)
        _passages(centre, jour + timedelta(minutes=30), 10)  # plus tard que maintenant
    _passages(distribution.quatre_vents, MIDI - timedelta(weeks=1, hours=4), 50)
    lu = jour_de_comptoir(centre)
    assert (lu.etat.passages, lu.habituel, lu.jour) == (5, 3, "vendredi")
    assert lu.graphique is not None
    ici, habituel = lu.graphique.series
    assert ici.valeurs[lu.graphique.reperes.index("12 h")] == 5
    assert ici.valeurs[lu.graphique.reperes.index("17 h")] is None  # pas encore
    assert habituel.valeurs[lu.graphique.reperes.index("15 h")] == 10


def test_sans_passe_on_ne_dit_rien_d_habituel(distribution: Distribution, client_de: Ouvrir) -> None:
    assert jour_de_comptoir(distribution.deux_ponts).habituel is None
    assert "habituel" not in client_de("ines").get(PAGE).content.decode()


def test_chacun_ne_lit_que_son_comptoir(distribution: Distribution, client_de: Ouvrir) -> None:
    for centre in (distribution.deux_ponts, distribution.quatre_vents):
        TypeDeDemande.objects.create(structure=centre, libelle="Renseignement")
    _passages(distribution.deux_ponts, timezone.now(), 4)
    assert "<b>4</b>" in client_de("bruno").get(PAGE).content.decode()
    assert "<b>0</b>" in client_de("chloe").get(PAGE).content.decode()
