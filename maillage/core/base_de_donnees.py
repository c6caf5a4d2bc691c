"""Le seul endroit qui sait quelle base est dessous."""

import errno
import hashlib
import os
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import Case, CharField, F, Func, IntegerField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import (
    Cast,
    ExtractDay,
    ExtractHour,
    ExtractIsoWeekDay,
    ExtractMonth,
    ExtractYear,
)

_VERROU_CHANGEMENTS = 0x4D41494C  # « MAIL », en ASCII
_AVANT: Final = "avant_restauration"
"""Le schéma où les tables d'avant attendent que celles de la sauvegarde soient là."""
_METTRE_DE_COTE: Final = """
SET lock_timeout = '30s';
CREATE SCHEMA avant_restauration;
DO $$
DECLARE une text;
BEGIN
    FOR une IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user LOOP
        EXECUTE format('ALTER TABLE public.%I SET SCHEMA avant_restauration', une);
    END LOOP;
END $$;
"""


class BaseAbimee(Exception):
    """Des pages de la base ne se lisent plus ; le message vient du moteur."""


def est_disque_plein(panne: BaseException | None) -> bool:
    """Vrai quand c'est la place qui manque, d'après le système ou la base."""
    if isinstance(panne, OSError):
        return panne.errno == errno.ENOSPC
    return isinstance(panne, DatabaseError) and any(mot in str(panne) for mot in ("is full", "No space left"))


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


@contextmanager
def instantane() -> Iterator[None]:
    """Tout ce qui se lit dedans est d'un même instant, et personne n'attend pour écrire. On n'y écrit pas.

    Un long document ne mêle donc jamais deux états. Dans une transaction déjà ouverte, on garde la sienne : c'est un
    instantané sur SQLite ; sur PostgreSQL, c'est à qui l'a ouverte d'avoir choisi.
    """
    if connection.in_atomic_block:
        yield
        return
    if not est_sqlite():
        with transaction.atomic():
            with connection.cursor() as curseur:
                curseur.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    connection.ensure_connection()
    habituel = connection.transaction_mode  # type: ignore[attr-defined]  # IMMEDIATE : il prendrait la place d'un écrivain
    connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]
    try:
        with transaction.atomic():
            yield
    finally:
        connection.transaction_mode = habituel  # type: ignore[attr-defined]


def reglages_de_surete() -> dict[str, object]:
    """Réglages de durabilité lus dans la base elle-même, pour les vérifier au démarrage."""
    with connection.cursor() as curseur:
        if est_sqlite():
            pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            lus = {nom: _lire(curseur, f"PRAGMA {nom}") for nom in pragmas}
            return lus | {"transaction_mode": getattr(connection, "transaction_mode", None)}
        nombres = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
        surs = ("fsync", "full_page_writes", "synchronous_commit")
        return {nom: _lire(curseur, f"SHOW {nom}") for nom in (*surs, *nombres)}


def _lire(curseur: Any, requete: str) -> object:
    curseur.execute(requete)
    return curseur.fetchone()[0]


def copier_la_base(fichier: Path) -> dict[str, str]:
    """Copie fidèle de la base, prise pendant que le site sert. Rend, par table, « nombre de lignes:somme ».

    Lève `BaseAbimee` : une sauvegarde chaque nuit le dit donc le lendemain.
    """
    if est_sqlite():
        connection.ensure_connection()
        with closing(sqlite3.connect(fichier)) as copie:
            _copier(connection.connection, copie)
            _exiger_intacte(copie)
        return _sommes_de_sqlite(fichier)
    with transaction.atomic(), connection.cursor() as curseur:
        # L'outil copie le même instantané que celui qu'on somme, aussi long que ce soit.
        curseur.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        curseur.execute("SET LOCAL statement_timeout = 0")
        curseur.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        instantane = _lire(curseur, "SELECT pg_export_snapshot()")
        options = ["--format=custom", f"--exclude-schema={_AVANT}", f"--snapshot={instantane}"]
        _outil_postgresql("pg_dump", *options, f"--file={fichier}")
        return _sommes_de_postgresql()


def sommes_des_tables() -> dict[str, str]:
    """Par table, « nombre de lignes:somme » de ce qui est en base : égales, deux bases disent la même chose."""
    if est_sqlite():
        return _sommes_de_sqlite(Path(connection.settings_dict["NAME"]))
    with transaction.atomic():
        return _sommes_de_postgresql()


def remplacer_la_base(fichier: Path) -> None:
    """Remplace tout le contenu de la base par cette copie, en une transaction."""
    if est_sqlite():
        connection.ensure_connection()
        with closing(sqlite3.connect(fichier)) as copie:
            _exiger_intacte(copie)
            copie.backup(connection.connection)
        connection.close()
        return
    _remplacer_sur_postgresql(fichier)


def actualiser_les_statistiques() -> None:
    """À appeler quand beaucoup de lignes viennent d'être écrites d'un coup, avant de les relire en nombre.

    PostgreSQL choisit ses chemins d'après des comptes qu'il ne refait qu'une minute plus tard, et jamais sur ce qu'une
    transaction ouverte a écrit : une table qu'il croit vide se relit alors en boucle, et la requête est arrêtée.
    SQLite suit l'ordre des index et n'en a pas besoin.
    """
    if est_sqlite():
        return
    if connection.in_atomic_block:
        connection.check_constraints()  # une table dont des liens restent à vérifier ne se compte pas
    # Les nôtres : celles du serveur sont à toutes les bases. Toujours dans le même ordre : deux qui comptent à la fois
    # s'attendent sans se bloquer. On attend aussi le ménage, car sauter sa table la laisserait crue vide.
    tables = ", ".join(f'"{table}"' for table in sorted(connection.introspection.table_names()))
    with connection.cursor() as curseur:
        curseur.execute(f"ANALYZE {tables}")


def _remplacer_sur_postgresql(fichier: Path) -> None:
    """Les tables d'avant sont mises de côté et celles de la sauvegarde créées en une transaction, puis on retire.

    Détruire dans la même transaction (`pg_restore --clean`) demandait 4 672 verrous, et 6 400 est tout ce qu'un serveur
    PostgreSQL donne d'office, à toutes ses bases ensemble ; ainsi, 1 550.
    """
    _retirer_les_tables_d_avant()  # d'une restauration arrêtée juste avant de le faire
    connection.close()
    texte = fichier.with_suffix(".sql")
    _outil_postgresql("pg_restore", "--no-owner", f"--file={texte}", str(fichier))
    en_une_fois = [
        "--no-psqlrc",
        "--quiet",
        "--single-transaction",
        "--set=ON_ERROR_STOP=1",
        f"--output={os.devnull}",
    ]
    _outil_postgresql("psql", *en_une_fois, f"--command={_METTRE_DE_COTE}", f"--file={texte}")
    _retirer_les_tables_d_avant()


def _retirer_les_tables_d_avant() -> None:
    """Une par transaction : chacune ne prend que ses verrous."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", [_AVANT])
        for (table,) in curseur.fetchall():
            curseur.execute(f'DROP TABLE {_AVANT}."{table}" CASCADE')
        curseur.execute(f"DROP SCHEMA IF EXISTS {_AVANT} CASCADE")


def _copier(source: sqlite3.Connection, copie: sqlite3.Connection) -> None:
    try:
        source.backup(copie)
    except sqlite3.OperationalError:
        raise  # disque plein, base occupée : le message de la commande le dit
    except sqlite3.DatabaseError as faute:
        raise BaseAbimee(str(faute)) from faute


def _exiger_intacte(copie: sqlite3.Connection) -> None:
    try:
        etat = _lire(copie.cursor(), "PRAGMA integrity_check")
    except sqlite3.DatabaseError as faute:
        raise BaseAbimee(str(faute)) from faute
    if etat != "ok":
        raise BaseAbimee(str(etat)[:200])


def _sommes_de_sqlite(fichier: Path) -> dict[str, str]:
    with closing(sqlite3.connect(fichier)) as base:
        noms = base.execute(
            "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        )
        tables = sorted(nom for (nom,) in noms)
        return {table: _somme(base.execute(f'SELECT * FROM "{table}" ORDER BY 1')) for table in tables}  # noqa: S608


def _sommes_de_postgresql() -> dict[str, str]:
    sommes = {}
    for table in sorted(connection.introspection.table_names()):
        with connection.chunked_cursor() as curseur:
            curseur.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1')  # noqa: S608
            sommes[table] = _somme(curseur)
    return sommes


def _somme(lignes: Iterable[object]) -> str:
    nombre, somme = 0, hashlib.sha256()
    for ligne in lignes:
        nombre += 1
        somme.update(repr(ligne).encode())
    return f"{nombre}:{somme.hexdigest()}"


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


# --- L'heure d'un lieu ------------------------------------------------------------------------------

_MORCEAUX: Final[dict[str, tuple[type[Func], str]]] = {
    "heure": (ExtractHour, "%H"),
    "jour": (ExtractDay, "%d"),
    "mois": (ExtractMonth, "%m"),
    "jour_de_semaine": (ExtractIsoWeekDay, "%w"),
}


def morceau_local(morceau: str, champ: str, fuseau: ZoneInfo, du: datetime, au: datetime) -> Combinable:
    """L'heure, le jour, le mois ou le jour de la semaine (lundi = 1) d'un instant, à l'heure d'un lieu.

    SQLite ne connaît pas les fuseaux ; la fonction que Django lui prête coûte 14 µs par ligne, un quart de seconde
    pour l'année d'un centre. Entre `du` et `au`, les changements d'heure sont connus : on ajoute l'écart, tranche par
    tranche, avec la fonction de la base.
    """
    extrait, signe = _MORCEAUX[morceau]
    if not est_sqlite():
        return extrait(champ, tzinfo=fuseau)
    local = _decale(signe, champ, fuseau, du, au)
    return (local + 6) % 7 + 1 if morceau == "jour_de_semaine" else local  # pour SQLite, dimanche est zéro


def mois_local(champ: str, fuseau: ZoneInfo, du: datetime, au: datetime) -> Combinable:
    """L'année et le mois d'un instant, à l'heure d'un lieu, en un nombre : 202603."""
    if not est_sqlite():
        return ExtractYear(champ, tzinfo=fuseau) * 100 + ExtractMonth(champ, tzinfo=fuseau)
    return _decale("%Y%m", champ, fuseau, du, au)


def _decale(signe: str, champ: str, fuseau: ZoneInfo, du: datetime, au: datetime) -> Case:
    tranches = [
        When(**{f"{champ}__lt": fin}, then=_morceau_decale(signe, champ, ecart))
        for fin, ecart in _tranches(fuseau, du, au)
    ]
    return Case(*tranches, output_field=IntegerField())


def _morceau_decale(signe: str, champ: str, ecart: timedelta) -> Combinable:
    decale = Func(
        Value(signe),
        F(champ),
        Value(f"{int(ecart.total_seconds()):+d} seconds"),
        function="strftime",
        output_field=CharField(),
    )
    return Cast(decale, IntegerField())


@lru_cache(maxsize=512)
def _tranches(fuseau: ZoneInfo, du: datetime, au: datetime) -> tuple[tuple[datetime, timedelta], ...]:
    """(fin exclue, écart à l'heure universelle), à l'heure près, de `du` à `au`."""
    tranches: list[tuple[datetime, timedelta]] = []
    moment, fin = du.astimezone(UTC).replace(minute=0, second=0, microsecond=0), au.astimezone(UTC)
    while moment < fin:
        ecart = moment.astimezone(fuseau).utcoffset() or timedelta()
        jour = moment + timedelta(days=1)
        pas = timedelta(days=1) if (jour.astimezone(fuseau).utcoffset() == ecart) else timedelta(hours=1)
        moment += pas
        if tranches and tranches[-1][1] == ecart:
            tranches[-1] = (moment, ecart)
        else:
            tranches.append((moment, ecart))
    return tuple(tranches)
