"""Le seul endroit qui sait quelle base est dessous."""

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

_VERROU_CHANGEMENTS = 0x4D41494C  # « MAIL », en ASCII


def est_sqlite() -> bool:
    return connection.vendor == "sqlite"


def ordonner_les_ecrivains() -> None:
    """Fait attendre les autres transactions qui notent un changement, jusqu'à la fin de celle-ci.

    Sans cela, PostgreSQL peut valider le changement 12 avant le 11 : un lecteur qui a vu 12 ne reviendrait
    jamais sur 11. SQLite (IMMEDIATE) n'a de toute façon qu'un écrivain à la fois.
    """
    if est_sqlite():
        return
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_advisory_xact_lock(%s)", [_VERROU_CHANGEMENTS])


def reglages_de_surete() -> dict[str, object]:
    """Réglages de durabilité lus dans la base elle-même, pour les vérifier au démarrage."""
    with connection.cursor() as curseur:
        if est_sqlite():
            return {
                nom: _lire(curseur, f"PRAGMA {nom}")
                for nom in ("journal_mode", "synchronous", "foreign_keys")
            }
        return {
            nom: _lire(curseur, f"SHOW {nom}") for nom in ("fsync", "full_page_writes", "synchronous_commit")
        }


def _lire(curseur: Any, requete: str) -> object:
    curseur.execute(requete)
    return curseur.fetchone()[0]


def copier_la_base(fichier: Path) -> None:
    """Copie fidèle de la base, prise pendant que le site sert."""
    if est_sqlite():
        connection.ensure_connection()
        with closing(sqlite3.connect(fichier)) as copie:
            connection.connection.backup(copie)
        return
    _outil_postgresql("pg_dump", "--format=custom", f"--file={fichier}")


def remplacer_la_base(fichier: Path) -> None:
    """Remplace tout le contenu de la base par cette copie, en une transaction."""
    if est_sqlite():
        connection.ensure_connection()
        with closing(sqlite3.connect(fichier)) as copie:
            if (etat := _lire(copie.cursor(), "PRAGMA integrity_check")) != "ok":
                raise OSError(f"La copie de la base est abîmée : {etat}")
            copie.backup(connection.connection)
        connection.close()
        return
    connection.close()
    options = ["--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error"]
    _outil_postgresql("pg_restore", *options, f"--dbname={connection.settings_dict['NAME']}", str(fichier))


def _outil_postgresql(programme: str, *arguments: str) -> None:
    """Lance un outil de PostgreSQL sur notre base ; le mot de passe passe par l'environnement."""
    base = settings.DATABASES["default"] | connection.settings_dict
    acces = {
        "PGHOST": "HOST",
        "PGPORT": "PORT",
        "PGUSER": "USER",
        "PGPASSWORD": "PASSWORD",
        "PGDATABASE": "NAME",
    }
    environnement = {nom: str(base[cle]) for nom, cle in acces.items() if base.get(cle)}
    resultat = subprocess.run(  # noqa: S603 - arguments fixes, aucun texte saisi
        [programme, *arguments], env=os.environ | environnement, capture_output=True, text=True
    )
    if resultat.returncode:
        raise OSError(f"{programme} a échoué : {resultat.stderr.strip()[-500:]}")
