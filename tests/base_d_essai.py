"""La base d'essai : les migrations se jouent une fois, dans une base modèle que chaque ouvrier recopie.

Jouer les migrations prend une demi-minute de calcul. Le modèle porte l'empreinte de ce qui le fait ; une migration
changée en fait un autre. Sur SQLite il reste d'une fois sur l'autre dans `var/essais/`.
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connection
from psycopg import sql

from outils.installation import RACINE, Installation

DOSSIER = RACINE / "var" / "essais"


def poser() -> None:
    """Met une base neuve et migrée là où Django attend la base d'essai de ce processus."""
    DOSSIER.mkdir(parents=True, exist_ok=True)
    voulue = str(connection.settings_dict["TEST"]["NAME"] or connection.creation._get_test_db_name())
    if connection.vendor == "postgresql":
        _poser_sur_postgresql(voulue)
    else:
        _poser_sur_sqlite(Path(voulue))


def _poser_sur_sqlite(voulue: Path) -> None:
    modele = DOSSIER / f"modele-{_empreinte()}.sqlite3"
    with _seul():
        if not modele.exists():
            for ancien in DOSSIER.glob("modele-*.sqlite3*"):
                ancien.unlink()
            en_cours = modele.with_suffix(".en-cours")
            en_cours.unlink(missing_ok=True)
            _migrer(f"sqlite:///{en_cours}")
            en_cours.rename(modele)
    shutil.copyfile(modele, voulue)


def _poser_sur_postgresql(voulue: str) -> None:
    adresse = urlsplit(os.environ["DATABASE_URL"])
    modele, en_cours = f"modele_{_empreinte()}", f"en_cours_{_empreinte()}"
    with _seul(), psycopg.connect(urlunsplit(adresse._replace(path="/postgres")), autocommit=True) as serveur:

        def dire(ordre: str, *noms: str) -> None:
            serveur.execute(sql.SQL(ordre).format(*map(sql.Identifier, noms)))

        if not serveur.execute("SELECT 1 FROM pg_database WHERE datname = %s", [modele]).fetchone():
            dire("DROP DATABASE IF EXISTS {}", en_cours)
            dire("CREATE DATABASE {}", en_cours)
            _migrer(urlunsplit(adresse._replace(path=f"/{en_cours}")))
            dire("ALTER DATABASE {} RENAME TO {}", en_cours, modele)
        dire("DROP DATABASE IF EXISTS {}", voulue)
        dire("CREATE DATABASE {} TEMPLATE {}", voulue, modele)


def _migrer(adresse: str) -> None:
    installation = Installation(Path(os.environ["MAILLAGE_DONNEES"]), {"DATABASE_URL": adresse})
    if installation.lancer("migrate", "--verbosity", "0").wait():
        raise RuntimeError("Les migrations ont échoué : leur message est plus haut.")


def _empreinte() -> str:
    """De ce qui fait le schéma et ce que les migrations y écrivent, bibliothèques comprises."""
    somme = hashlib.sha256()
    faits_de = [*RACINE.glob("maillage/*/migrations/*.py"), *RACINE.glob("maillage/*/donnees/*.txt")]
    for fichier in sorted([*faits_de, RACINE / "requirements" / "base.txt"]):
        somme.update(fichier.read_bytes())
    return somme.hexdigest()[:16]


@contextmanager
def _seul() -> Iterator[None]:
    """Un ouvrier fait le modèle, les autres l'attendent."""
    with (DOSSIER / "verrou").open("w") as verrou:
        fcntl.flock(verrou, fcntl.LOCK_EX)
        yield
