from importlib import import_module
from pathlib import Path

import pytest
from pytest_django import Settings


@pytest.fixture
def en_demo(settings: Settings, tmp_path: Path) -> Path:
    """Une installation en mode démonstration ; rend le dossier où son courrier s'écrit."""
    import_module("tests.demo.adresses")  # avant EN_DEMO : `maillage.urls` le lit une fois pour toutes
    settings.EN_DEMO = True
    settings.MAILLAGE_MODE = "demo"
    settings.ROOT_URLCONF = "tests.demo.adresses"
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "courrier"
    return tmp_path / "courrier"
