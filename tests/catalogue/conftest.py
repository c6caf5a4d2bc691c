"""Écrire une fiche dans un test : un brouillon d'Amina, et l'heure que l'on veut."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from maillage.catalogue.models import Contribution
from maillage.catalogue.operations.contributions import commencer_fiche
from tests.distribution import Distribution


@pytest.fixture
def brouillon(distribution: Distribution) -> Contribution:
    return commencer_fiche(distribution.deux_ponts, par=distribution.amina)


@pytest.fixture
def a_l_heure(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """`a_l_heure(25)` : vingt-cinq minutes après le départ."""
    depart = timezone.now()

    def regler(minutes: int) -> None:
        def maintenant() -> datetime:
            return depart + timedelta(minutes=minutes)

        monkeypatch.setattr(timezone, "now", maintenant)

    return regler
