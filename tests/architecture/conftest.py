"""Le monde de la preuve d'étanchéité : le même pour le canari et pour le saboteur."""

from pathlib import Path
from typing import Any

import pytest

from maillage.core.suivi import consommateurs, rattraper
from tests.architecture.canari import Monde, peupler
from tests.architecture.objets import adresses_d_essai
from tests.distribution import Distribution


@pytest.fixture
def usuelles(distribution: Distribution) -> dict[str, dict[str, Any]]:
    return adresses_d_essai(distribution)


@pytest.fixture
def monde(
    distribution: Distribution, usuelles: dict[str, dict[str, Any]], settings: Any, tmp_path: Path
) -> Monde:
    settings.DOSSIER_FICHIERS = tmp_path / "fichiers"
    monde = peupler(distribution)
    for consommateur in consommateurs():
        rattraper(consommateur)
    return monde
