"""Chercher dans les tests : un index à soi, refait d'après la base."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from maillage.catalogue.recherche import page, reconstruire


@pytest.fixture
def indexer(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """`indexer()` après avoir créé les fiches ; sans cet appel, l'index manque."""
    settings.DOSSIER_INDEX = tmp_path / "index"
    monkeypatch.setattr(page, "_libelles", page._Libelles())  # gardés une minute en service
    return reconstruire
