"""Réglages des tests : ceux de l'application, dans un dossier jetable, avec les gardes de `tests/garde.py`.

Chaque processus de pytest-xdist a son dossier. Un programme lancé par un test hérite du dossier de ce test.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_ouvrier = os.environ.get("PYTEST_XDIST_WORKER", "seul")
if os.environ.get("MAILLAGE_ESSAIS") != _ouvrier:
    for _nom in [nom for nom in os.environ if nom.startswith("MAILLAGE_") and nom != "MAILLAGE_EPREUVES"]:
        del os.environ[_nom]
    os.environ["MAILLAGE_ESSAIS"] = _ouvrier
    os.environ["MAILLAGE_DONNEES"] = tempfile.mkdtemp(prefix=f"maillage-essais-{_ouvrier}-")
    atexit.register(shutil.rmtree, os.environ["MAILLAGE_DONNEES"], ignore_errors=True)

from maillage.settings import *  # noqa: E402, F403
from maillage.settings import DATABASES, MAILLAGE_DONNEES, MIDDLEWARE, STATIC_ROOT, STORAGES  # noqa: E402

Path(STATIC_ROOT).mkdir(parents=True, exist_ok=True)
MIDDLEWARE = ["tests.garde.Garde", *MIDDLEWARE]
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Un vrai fichier : une base en mémoire n'aurait ni verrous, ni second processus.
    DATABASES["default"]["TEST"] = {"NAME": str(MAILLAGE_DONNEES / "essai.sqlite3")}
PASSWORD_HASHERS = ["tests.garde.Argon2Rapide"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "tests.garde.StatiquesPresents"}}
