"""L'amorce : rien n'est refait pour rien, tout manque se dit, et l'on peut la lancer de partout."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from outils import amorce
from outils.installation import RACINE, Installation

SANS_RESEAU = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent"}


@pytest.fixture
def copie(tmp_path: Path) -> Path:
    """Le strict nécessaire d'un clone neuf, sans environnement."""
    for dossier in ("bin", "requirements"):
        shutil.copytree(RACINE / dossier, tmp_path / dossier)
    (tmp_path / "outils").mkdir()
    for outil in ("lancer", "amorce.py"):
        shutil.copy(RACINE / "outils" / outil, tmp_path / "outils" / outil)
    shutil.copy(RACINE / "package-lock.json", tmp_path)
    return tmp_path


def _bin(racine: Path, outil: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [racine / "bin" / outil, *arguments],
        cwd="/",
        env={**SANS_RESEAU, **variables},
        capture_output=True,
        text=True,
    )


def _faux_python(dossier: Path, texte: str) -> None:
    dossier.mkdir()
    (dossier / "python3").write_text(f"#!/bin/sh\n{texte}\n", encoding="utf-8")
    (dossier / "python3").chmod(0o755)
    for outil in ("dirname", "readlink", "sh"):
        (dossier / outil).symlink_to(shutil.which(outil) or outil)


def test_un_python_trop_vieux_est_nomme(copie: Path, tmp_path: Path) -> None:
    _faux_python(tmp_path / "vieux", 'if [ "$1" = --version ]; then echo Python 3.9.2; else exit 1; fi')
    resultat = _bin(copie, "maillage", PATH=str(tmp_path / "vieux"))
    assert resultat.returncode == 1
    assert resultat.stderr == (
        "Maillage demande Python 3.11 ou plus récent ; cette machine a Python 3.9.2.\n"
    )


def test_sans_le_module_venv_la_ligne_a_taper_est_dite(copie: Path, tmp_path: Path) -> None:
    sans_venv = f'case "$2" in *ensurepip*) exit 1 ;; *) exec {sys._base_executable} "$@" ;; esac'  # type: ignore[attr-defined]
    _faux_python(tmp_path / "sans_venv", sans_venv)
    amorce_copiee = subprocess.run(
        [sys._base_executable, "-c", _AVEC_CE_PYTHON, str(copie), str(tmp_path / "sans_venv" / "python3")],  # type: ignore[attr-defined]
        capture_output=True,
        text=True,
    )
    assert amorce_copiee.returncode == 1
    assert "apt install python3-venv" in amorce_copiee.stderr


_AVEC_CE_PYTHON = """
import sys
racine, python = sys.argv[1:]
sys.path.insert(0, racine + "/outils")
import amorce
sys._base_executable = python
sys.exit(amorce.principal(["maillage", "aide"]))
"""


def test_sans_reseau_le_message_le_dit_et_rien_n_est_marque(copie: Path) -> None:
    mandataire_mort = "http://127.0.0.1:9"
    resultat = _bin(
        copie,
        "maillage",
        "aide",
        PATH=f"{Path(sys._base_executable).parent}:/usr/bin:/bin",  # type: ignore[attr-defined]
        https_proxy=mandataire_mort,
        http_proxy=mandataire_mort,
        PIP_CONFIG_FILE=os.devnull,
        PIP_RETRIES="0",
        PIP_NO_CACHE_DIR="1",
    )
    assert resultat.returncode == 1
    assert resultat.stdout == ""
    assert "Le réseau ne répond pas" in resultat.stderr
    marques = json.loads((copie / ".venv" / "maillage.json").read_text(encoding="utf-8"))
    assert "python base" not in marques


@pytest.mark.parametrize(
    ("sortie", "phrase"),
    [
        ("OSError: [Errno 28] No space left on device", "disque est plein"),
        ("npm error code ENOTFOUND", "réseau ne répond pas"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES", "n'a pas l'empreinte"),
        ("PermissionError: [Errno 13] Permission denied", "vérifiez les droits"),
    ],
)
def test_chaque_panne_connue_a_sa_phrase(sortie: str, phrase: str) -> None:
    assert phrase in amorce._cause(sortie)


def test_d_un_autre_dossier_les_chemins_de_la_personne_restent_les_siens(
    tmp_path: Path,
) -> None:
    """Un fichier donné par un chemin relatif se lit dans le dossier où la personne se trouve."""
    processus = Installation(tmp_path / "donnees").lancer(
        "restaurer", "ici.tar.gz", "--json", cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    sortie, _ = processus.communicate()
    assert processus.returncode == 1
    assert "ici.tar.gz" in json.loads(sortie)["refus"]
