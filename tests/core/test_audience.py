"""L'audience : des nombres par jour, sans témoin, et aucune lecture ralentie."""

import time

import pytest
from django.db import DatabaseError
from django.utils import timezone

from maillage.core import audience
from maillage.core.models import Audience

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def memoire_propre() -> None:
    audience._comptes.clear()


def test_une_minute_apres_le_premier_qui_passe_verse(monkeypatch: pytest.MonkeyPatch) -> None:
    il_y_a_une_minute = time.monotonic() - audience.PAS_ENTRE_VERSEMENTS
    monkeypatch.setattr(audience, "_dernier_versement", il_y_a_une_minute)
    audience.compter("accueil")
    assert Audience.objects.get().nombre == 1


def test_rien_n_est_ecrit_avant_le_versement() -> None:
    audience.compter("accueil")
    assert not Audience.objects.exists()


def test_les_versements_s_ajoutent_jour_par_jour() -> None:
    for _ in range(3):
        audience.compter("accueil")
    audience.verser()
    audience.compter("accueil")
    audience.verser()
    ligne = Audience.objects.get()
    assert (ligne.page, ligne.nombre, ligne.jour) == ("accueil", 4, timezone.localdate())


def test_une_base_occupee_ne_perd_pas_le_compte(monkeypatch: pytest.MonkeyPatch) -> None:
    audience.compter("accueil")

    def occupee(*args: object, **kwargs: object) -> None:
        raise DatabaseError("database is locked")

    with monkeypatch.context() as panne:
        panne.setattr(Audience.objects, "bulk_create", occupee)
        audience.verser()
    assert not Audience.objects.exists()
    audience.verser()
    assert Audience.objects.get().nombre == 1
