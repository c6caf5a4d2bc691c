"""F22 : kill -9 pendant les migrations, puis on les relance ; le même schéma et les mêmes sommes qu'en une fois."""

import random
import signal
import sqlite3
import subprocess
import time
from contextlib import closing, suppress

from outils.epreuves import Epreuve
from outils.installation import Installation, installation_jetable

ATTENDU = "après relance, le schéma et le contenu d'une installation sans coupure"
MUET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def eprouver(courte: bool) -> Epreuve:
    tours = 1 if courte else 10
    hasard = random.Random(22)
    fautes: list[str] = []
    coupees = 0
    with installation_jetable() as temoin:
        temoin.lancer("migrate", "--verbosity", "0", **MUET).wait()
        voulu = _etat(temoin)
        migrations = _faites(temoin)
    for tour in range(tours):
        with installation_jetable() as victime:
            for _ in range(1 if courte else 3):  # la même installation est coupée plusieurs fois de suite
                faites = _faites(victime)
                if faites < migrations - 1:
                    coupees += _couper(
                        victime, hasard.randint(faites, migrations - 2), hasard.uniform(0, 0.05)
                    )
            if victime.lancer("migrate", "--verbosity", "0", **MUET).wait():
                fautes.append(f"tour {tour} : la relance échoue")
            elif (etat := _etat(victime)) != voulu:
                fautes.append(f"tour {tour} : {sorted(set(etat) ^ set(voulu))[:3]}")
    if not coupees:
        fautes.append("aucune coupure : l'épreuve n'a rien éprouvé")
    bilan = f"{tours} installations, {coupees} kill -9 pendant {migrations} migrations"
    return Epreuve("F22 migrations coupées", bilan, fautes, ATTENDU)


def _couper(victime: Installation, apres: int, delai: float) -> bool:
    """Tue la commande un instant après la migration de ce rang ; faux si elle avait déjà fini."""
    processus = victime.lancer("migrate", "--verbosity", "0", **MUET)
    while processus.poll() is None and _faites(victime) <= apres:
        time.sleep(0.005)
    time.sleep(delai)
    if processus.poll() is not None:
        return False
    processus.send_signal(signal.SIGKILL)
    processus.wait()
    return True


def _faites(installation: Installation) -> int:
    """Migrations notées jusqu'ici ; 0 tant que la base n'existe pas."""
    with suppress(sqlite3.OperationalError):
        adresse = f"file:{installation.dossier / 'maillage.sqlite3'}?mode=ro"
        with closing(sqlite3.connect(adresse, uri=True)) as base:
            return int(base.execute("SELECT count(*) FROM django_migrations").fetchone()[0])
    return 0


def _etat(installation: Installation) -> list[str]:
    """Le schéma entier, les migrations notées, et le nombre de lignes de chaque table."""
    with closing(sqlite3.connect(installation.dossier / "maillage.sqlite3")) as base:
        etat = [str(sql) for (sql,) in base.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")]
        tables = [nom for (nom,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            nombre = base.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
            etat.append(f"{table} : {nombre} lignes")
        etat += [f"{a}.{n}" for a, n in base.execute("SELECT app, name FROM django_migrations")]
    return sorted(etat)
