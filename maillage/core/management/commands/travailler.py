"""Le travailleur : la boucle `suivi` et le courrier ici, la file des tâches dans un processus enfant."""

import logging
import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from maillage.core import courrier, suivi, taches
from maillage.core.processus import mourir_avec_le_parent

journal = logging.getLogger(__name__)
DISCRETION = 10  # sur 19 : la file des tâches cède le processeur, sans jamais s'arrêter
GRACE = 6.0  # secondes laissées à la tâche en cours ; au-delà elle sera reprise au prochain démarrage


class Command(BaseCommand):
    help = "Tient l'index et les chiffres à jour, et exécute les tâches, jusqu'à SIGINT ou SIGTERM."

    def handle(self, *args: Any, **options: Any) -> None:
        arret = threading.Event()
        for numero in (signal.SIGINT, signal.SIGTERM):
            signal.signal(numero, lambda *_: arret.set())
        taches.reprendre_les_taches_abandonnees()
        boucle = threading.Thread(target=suivi.suivre, args=(arret,), name="suivi")
        boucle.start()
        facteur = threading.Thread(target=courrier.distribuer, args=(arret,), name="courrier")
        facteur.start()
        file = _FileDesTaches()
        try:
            while not arret.wait(1.0):
                if (
                    not boucle.is_alive() or not facteur.is_alive()
                ):  # ils rattrapent leurs pannes : c'est une faute
                    raise CommandError("La boucle de suivi, ou celle du courrier, s'est arrêtée.")
                file.entretenir()
                if taches.est_du("effacer_les_vieux_resultats", tous_les=timedelta(days=1)):
                    taches.effacer_les_vieux_resultats()
                taches.mettre_en_file_le_quotidien()
        finally:
            arret.set()
            file.arreter()
            boucle.join(timeout=GRACE)
            facteur.join(timeout=GRACE)


def _naitre_discret() -> None:
    """Un long PDF prend tous les cœurs qu'on lui laisse : une page, un chiffre à tenir à jour passent avant lui."""
    mourir_avec_le_parent()
    os.nice(DISCRETION)


class _FileDesTaches:
    """Le processus qui exécute les tâches ; relancé s'il tombe, sans emporter la boucle `suivi`."""

    def __init__(self) -> None:
        self.processus = self._lancer()

    def _lancer(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(  # noqa: S603 - arguments fixes, aucun texte saisi
            [sys.executable, settings.RACINE / "manage.py", "db_worker", "--queue-name", "*", "--no-reload"],
            start_new_session=True,  # Ctrl+C du terminal arrête le travailleur, qui l'arrête à son tour
            preexec_fn=_naitre_discret,
        )

    def entretenir(self) -> None:
        if self.processus.poll() is not None:
            journal.error("La file des tâches s'est arrêtée (code %s), relance", self.processus.returncode)
            taches.reprendre_les_taches_abandonnees()
            self.processus = self._lancer()

    def arreter(self) -> None:
        self.processus.terminate()
        try:
            self.processus.wait(timeout=GRACE)
        except subprocess.TimeoutExpired:
            self.processus.kill()
            self.processus.wait()
