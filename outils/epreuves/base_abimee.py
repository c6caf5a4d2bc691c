"""F25 : des octets changés dans la base, une base tronquée, un journal perdu, un fichier perdu."""

import random
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from outils.epreuves import Epreuve
from outils.installation import Installation, installation_jetable

ATTENDU = "vu par la sauvegarde de la nuit ou la relecture de la semaine ; l'ancienne sauvegarde remet tout"
PAGE = 4096


def eprouver(courte: bool) -> Epreuve:
    tours = 2 if courte else 20
    hasard = random.Random(25)
    fautes: list[str] = []
    vus = sans_effet = 0
    with installation_jetable() as saine:
        saine.commande("charger_territoire", "--ecrire")
        archive = saine.dossier / "bonne.tar.gz"
        saine.commande("sauvegarder", "--sortie", str(archive))
        for tour in range(tours):
            with _copie(saine) as victime:
                _changer_des_octets(victime.dossier / "maillage.sqlite3", hasard)
                if _sauvegarde_refusee(victime, tour):
                    vus += 1
                elif _est_intacte(victime):
                    sans_effet += 1  # les octets sont tombés dans une place libre
                else:
                    fautes.append(f"tour {tour} : base abîmée, sauvegarde acceptée")
        with _copie(saine) as tronquee:
            base = tronquee.dossier / "maillage.sqlite3"
            with base.open("r+b") as fichier:
                fichier.truncate(base.stat().st_size // 2)
            if not _sauvegarde_refusee(tronquee, 0):
                fautes.append("base tronquée : sauvegarde acceptée")
            for reste in tronquee.dossier.glob("maillage.sqlite3*"):
                reste.unlink()
            rendue = tronquee.commande("restaurer", str(archive), "--ecrire")
            if rendue["lignes"]["territoire.commune"] < 30_000:
                fautes.append("la restauration ne rend pas les communes")
    bilan = (
        f"{tours} bases aux octets changés ({vus} vues, {sans_effet} sans effet), une tronquée, remise en place "
        "depuis la sauvegarde ; fichiers perdus : verifier_fichiers"
    )
    return Epreuve("F25 base abîmée", bilan, fautes, ATTENDU)


@contextmanager
def _copie(modele: Installation) -> Iterator[Installation]:
    """Une installation voisine, base comprise, effacée à la sortie."""
    dossier = modele.dossier / "copie"
    dossier.mkdir()
    for fichier in (*modele.dossier.glob("maillage.sqlite3*"), modele.dossier / "secret"):
        shutil.copy(fichier, dossier)
    yield Installation(dossier)
    shutil.rmtree(dossier)


def _changer_des_octets(base: Path, hasard: random.Random) -> None:
    """Une page entière brouillée, comme un secteur illisible ; jamais l'en-tête, que SQLite relit de toute façon."""
    pages = base.stat().st_size // PAGE
    with base.open("r+b") as fichier:
        fichier.seek(hasard.randrange(1, pages) * PAGE)
        fichier.write(hasard.randbytes(PAGE))


def _sauvegarde_refusee(victime: Installation, tour: int) -> bool:
    muet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    sortie = str(victime.dossier / f"{tour}.tar.gz")
    return victime.lancer("sauvegarder", "--sortie", sortie, **muet).wait() != 0


def _est_intacte(victime: Installation) -> bool:
    with closing(sqlite3.connect(victime.dossier / "maillage.sqlite3")) as base:
        return bool(base.execute("PRAGMA integrity_check").fetchone()[0] == "ok")
