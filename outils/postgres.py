"""Un serveur PostgreSQL jetable, lancé depuis les programmes installés, et arrêté avec le test."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from outils.installation import port_libre

INSTALLER = "apt install postgresql"


def programmes() -> Path | None:
    """Dossier des programmes de PostgreSQL, le plus récent d'abord ; None s'il n'est pas installé."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda d: int(d.parent.name), reverse=True)
    candidats = [*debian]
    if trouve := shutil.which("pg_ctl"):
        candidats.append(Path(trouve).resolve().parent)
    return next((dossier for dossier in candidats if (dossier / "initdb").exists()), None)


@contextmanager
def postgres_jetable() -> Iterator[str]:
    """Donne une `DATABASE_URL`. Le serveur n'écoute que sur la boucle locale et vit dans un dossier jetable.

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
    donnees, port = dossier / "donnees", port_libre()

    def lancer(programme: str, *arguments: str) -> None:
        resultat = subprocess.run(
            [dossier_programmes / programme, *arguments],
            cwd=dossier,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            user=compte,
            group=groupe,
        )
        if resultat.returncode:
            raise RuntimeError(f"PostgreSQL : {programme} a échoué.\n{resultat.stderr}")

    try:
        lancer(
            "initdb", "-D", str(donnees), "-U", "maillage", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"
        )
        options = f"-p {port} -k {dossier} -c listen_addresses=127.0.0.1 -c max_connections=60"
        lancer("pg_ctl", "-D", str(donnees), "-w", "-o", options, "-l", str(dossier / "journal"), "start")
        try:
            lancer("createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "maillage", "maillage")
            yield f"postgres://maillage@127.0.0.1:{port}/maillage"
        finally:
            lancer("pg_ctl", "-D", str(donnees), "-w", "-m", "immediate", "stop")
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
