"""Une installation jetable, avec sa base, son index et son serveur : pour les mesures et les épreuves."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

RACINE = Path(__file__).resolve().parent.parent
MODELE = "ESSAIS_MODELE_DE_DEMONSTRATION"
"""Variable d'environnement : le dossier d'où les démonstrations jetables se copient."""


@dataclass(frozen=True)
class Installation:
    """Son dossier de données, et de quoi lui parler comme une personne : en commandes et par le web."""

    dossier: Path
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def environnement(self) -> dict[str, str]:
        propre = {nom: v for nom, v in os.environ.items() if not nom.startswith(("MAILLAGE_", "DJANGO_"))}
        propre.pop("DATABASE_URL", None)
        return {**propre, "MAILLAGE_DONNEES": str(self.dossier), **self.variables}

    def lancer(self, *commande: str, **options: Any) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, str(RACINE / "manage.py"), *commande],
            env=self.environnement,
            text=True,
            **options,
        )

    def commande(self, *commande: str) -> Any:
        """Lance une commande sous `--json` et rend son document ; lève `AssertionError` si elle échoue."""
        processus = self.lancer(*commande, "--json", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        sortie, messages = processus.communicate()
        if processus.returncode:
            raise AssertionError(f"{' '.join(commande)} : code {processus.returncode}\n{messages}")
        return json.loads(sortie)

    def publier_statiques(self) -> None:
        """Pour servir des pages depuis ce processus ; `servie` s'en charge elle-même."""
        self.lancer("collectstatic", "--noinput", "--verbosity", "0").wait()

    @contextmanager
    def servie(self, *, vierge: bool = False) -> Iterator["Serveur"]:
        """Le web et le travailleur, comme `bin/demo` les lance."""
        port = port_libre()
        options = ["--port", str(port), *(["--vierge"] if vierge else [])]
        processus = subprocess.Popen(
            [sys.executable, str(RACINE / "outils" / "demo.py"), *options],
            env=self.environnement,
            stdout=subprocess.PIPE,
            text=True,
        )
        annonce = processus.stdout.readline() if processus.stdout else ""
        if not (adresse := re.search(r"http://localhost:\d+", annonce)):
            raise AssertionError(f"Le serveur n'a pas démarré : {annonce!r}, code {processus.wait()}")
        try:
            yield Serveur(adresse[0], processus)
        finally:
            if processus.poll() is None:
                processus.send_signal(signal.SIGTERM)
            processus.communicate(timeout=20)


@dataclass(frozen=True)
class Serveur:
    adresse: str
    processus: subprocess.Popen[str]


@contextmanager
def installation_jetable(**variables: str) -> Iterator[Installation]:
    with tempfile.TemporaryDirectory(prefix="maillage-jetable-", ignore_cleanup_errors=True) as dossier:
        yield Installation(Path(dossier), variables)


@contextmanager
def installation_de_demonstration(**variables: str) -> Iterator[Installation]:
    """Prête pour `charger_demo`, qui n'a plus qu'à rendre les comptes quand `modele_de_demonstration` est ouvert."""
    with installation_jetable(MAILLAGE_MODE="demo", **variables) as installation:
        if modele := os.environ.get(MODELE):
            shutil.copytree(modele, installation.dossier, dirs_exist_ok=True)
        yield installation


@contextmanager
def modele_de_demonstration() -> Iterator[None]:
    """Migrer et charger prennent une minute de calcul : une série de rondes courtes ne le fait qu'une fois."""
    with installation_jetable(MAILLAGE_MODE="demo") as modele:
        modele.commande("charger_demo", "--ecrire")
        modele.commande("rechercher", "jardin")  # construit l'index
        modele.publier_statiques()
        os.environ[MODELE] = str(modele.dossier)
        try:
            yield
        finally:
            del os.environ[MODELE]


def port_libre() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return int(prise.getsockname()[1])
