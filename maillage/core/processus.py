"""Processus lancés par un autre : aucun ne doit lui survivre, même à un arrêt brutal.

Bibliothèque standard seulement : `outils/demo.py` s'en sert aussi.
"""

import ctypes
import signal
import sys


def mourir_avec_le_parent() -> None:
    """À passer en `preexec_fn`. Sous Linux, le noyau envoie SIGTERM à l'enfant quand le parent disparaît."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
