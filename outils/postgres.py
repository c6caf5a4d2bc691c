"""Un serveur PostgreSQL jetable, lancé depuis les programmes installés, et arrêté avec le test."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from outils.installation import port_libre

INSTALLER = "apt install postgresql"


def programmes() -> Path | None:
    """Dossier des programmes de PostgreSQL, le plus récent d'abord ; None s'il n'est pas installé."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda d: int(d.parent.name), reverse=True)
    candidats = [*debian]
    if trouve := shutil.which("pg_ctl"):
        candidats.append(Path(trouve).resolve().parent)
    return next((dossier for dossier in candidats if (dossier / "initdb").exists()), None)


@dataclass(frozen=True)
class Grappe:
    """Un serveur à soi, dans un dossier jetable, à l'écoute de la seule boucle locale."""

    programmes: Path
    dossier: Path
    port: int
    compte: int | None
    groupe: int | None

    @property
    def adresse(self) -> str:
        """Sa `DATABASE_URL`."""
        return f"postgres://maillage@127.0.0.1:{self.port}/maillage"

    @property
    def donnees(self) -> Path:
        return self.dossier / "donnees"

    def creer(self) -> None:
        options = ("-U", "maillage", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums")
        self._lancer("initdb", "-D", str(self.donnees), *options)

    def demarrer(self) -> None:
        options = f"-p {self.port} -k {self.dossier} -c listen_addresses=127.0.0.1 -c max_connections=60"
        journal = str(self.dossier / "journal")
        self._lancer("pg_ctl", "-D", str(self.donnees), "-w", "-o", options, "-l", journal, "start")

    def arreter(self) -> None:
        self._lancer("pg_ctl", "-D", str(self.donnees), "-w", "-m", "immediate", "stop")

    def creer_la_base(self) -> None:
        self._lancer("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "maillage", "maillage")

    def tuer(self) -> None:
        """kill -9 du serveur et de tous ses enfants, comme une machine qui s'arrête net."""
        maitre = psutil.Process(int((self.donnees / "postmaster.pid").read_text().split()[0]))
        tous = [maitre, *maitre.children(recursive=True)]
        for processus in tous:
            processus.kill()
        psutil.wait_procs(tous, timeout=20)

    def _lancer(self, programme: str, *arguments: str) -> None:
        resultat = subprocess.run(
            [self.programmes / programme, *arguments],
            cwd=self.dossier,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            user=self.compte,
            group=self.groupe,
        )
        if resultat.returncode:
            raise RuntimeError(f"PostgreSQL : {programme} a échoué.\n{resultat.stderr}")


@contextmanager
def postgres_jetable() -> Iterator[str]:
    """Donne une `DATABASE_URL`, le temps d'un bloc."""
    with grappe_jetable() as grappe:
        yield grappe.adresse


@contextmanager
def grappe_jetable() -> Iterator[Grappe]:
    """Un serveur prêt, avec sa base vide.

    PostgreSQL refuse de tourner en administrateur : nous prenons alors le compte `postgres`, ou `nobody`.
    Les réglages de sûreté restent ceux d'un vrai serveur (`fsync`), puisque les tests les vérifient.
    """
    dossier_programmes = programmes()
    if dossier_programmes is None:
        raise FileNotFoundError(f"PostgreSQL est introuvable. Tapez : {INSTALLER}")
    dossier = Path(tempfile.mkdtemp(prefix="maillage-pg-"))
    compte, groupe = _identite()
    if compte is not None and groupe is not None:
        os.chown(dossier, compte, groupe)
    grappe = Grappe(dossier_programmes, dossier, port_libre(), compte, groupe)
    try:
        grappe.creer()
        grappe.demarrer()
        try:
            grappe.creer_la_base()
            yield grappe
        finally:
            grappe.arreter()
    finally:
        shutil.rmtree(dossier, ignore_errors=True)


def _identite() -> tuple[int | None, int | None]:
    if os.geteuid() != 0:
        return None, None
    for nom in ("postgres", "nobody"):
        try:
            compte = pwd.getpwnam(nom)
        except KeyError:
            continue
        return compte.pw_uid, compte.pw_gid
    raise RuntimeError("PostgreSQL ne tourne pas en administrateur, et aucun autre compte n'existe ici.")
