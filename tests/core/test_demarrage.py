"""Le serveur web refuse de naître quand la production n'est pas sûre, et le dit."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from outils.installation import RACINE

SURE = {
    "MAILLAGE_MODE": "production",
    "MAILLAGE_SECRET": "kz8-" + "abcdefghij" * 6,
    "MAILLAGE_HOTES": "maillage.exemple.fr",
    "MAILLAGE_URL": "https://maillage.exemple.fr",
}


def _naitre(dossier: Path, **reglages: str) -> subprocess.CompletedProcess[str]:
    propre = {
        nom: v for nom, v in os.environ.items() if not nom.startswith(("MAILLAGE_", "DJANGO_", "DATABASE"))
    }
    return subprocess.run(
        [sys.executable, "-c", "from maillage.wsgi import application"],
        cwd=RACINE,
        env={**propre, "MAILLAGE_DONNEES": str(dossier), **SURE, **reglages},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("reglage", "valeur", "phrase"),
    [
        ("MAILLAGE_SECRET", "", "MAILLAGE_SECRET manque"),
        ("MAILLAGE_SECRET", "court", "MAILLAGE_SECRET est trop faible"),
        ("MAILLAGE_HOTES", "*", "MAILLAGE_HOTES doit nommer"),
        ("MAILLAGE_URL", "http://maillage.exemple.fr", "https://"),
        ("MAILLAGE_MODE", "prod", "écrivez local, demo ou production"),
    ],
)
def test_un_reglage_dangereux_empeche_de_demarrer(
    tmp_path: Path, reglage: str, valeur: str, phrase: str
) -> None:
    naissance = _naitre(tmp_path, **{reglage: valeur})
    assert naissance.returncode != 0
    assert phrase in naissance.stderr


def test_une_production_sure_demarre(tmp_path: Path) -> None:
    naissance = _naitre(tmp_path)
    assert naissance.returncode == 0, naissance.stderr
