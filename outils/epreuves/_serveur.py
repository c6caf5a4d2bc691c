"""Le seul serveur web d'une installation, que l'on peut tuer net et relancer vite."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from outils.epreuves._visiteur import Visiteur
from outils.installation import RACINE, Installation, port_libre

PATIENCE = 90.0


@dataclass
class Web:
    installation: Installation
    port: int
    processus: subprocess.Popen[bytes] | None = None

    @property
    def adresse(self) -> str:
        return f"http://localhost:{self.port}"

    def demarrer(self) -> float:
        """Rend les secondes jusqu'à la première réponse de `/readyz`."""
        debut = time.monotonic()
        self.processus = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "outils/gunicorn.conf.py"],
            cwd=RACINE,
            env=self.installation.environnement | {"MAILLAGE_ECOUTE": f"127.0.0.1:{self.port}"},
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.attendre()
        return time.monotonic() - debut

    def attendre(self, limite: float = PATIENCE) -> None:
        fin = time.monotonic() + limite
        while time.monotonic() < fin:
            try:
                if Visiteur(self.adresse).demander("/readyz", delai=5).code == 200:
                    return
            except OSError:
                pass
            time.sleep(0.1)
        raise AssertionError(f"Le serveur n'est pas prêt après {limite:.0f} s.")

    def tuer(self) -> None:
        """kill -9 du maître et de tous ses enfants à la fois."""
        if self.processus is not None:
            os.killpg(self.processus.pid, signal.SIGKILL)
            self.processus.wait()
            self.processus = None

    def demarrer_proprement(self) -> float:
        """Le même démarrage après un arrêt demandé : ce que la machine prend de toute façon à cet instant."""
        if self.processus is not None:
            self.processus.terminate()
            self.processus.wait()
        return self.demarrer()


@contextmanager
def web(installation: Installation) -> Iterator[Web]:
    serveur = Web(installation, port_libre())
    try:
        serveur.demarrer()
        yield serveur
    finally:
        serveur.tuer()
