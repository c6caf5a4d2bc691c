"""Audience sans témoin : des nombres par page et par jour, rien d'autre. Versés au plus une fois par minute."""

import atexit
import time
from collections import Counter
from threading import Lock

from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone

from maillage.core.models import Audience

PAS_ENTRE_VERSEMENTS = 60.0
_verrou = Lock()
_comptes: Counter[str] = Counter()
_dernier_versement = time.monotonic()


def compter(page: str) -> None:
    """Ajoute un affichage. Le versement se fait ici, par le premier qui passe une fois la minute écoulée."""
    global _dernier_versement
    with _verrou:
        _comptes[page] += 1
        if time.monotonic() - _dernier_versement < PAS_ENTRE_VERSEMENTS:
            return
        _dernier_versement = time.monotonic()
    verser()


def verser() -> None:
    """Écrit les comptes gardés en mémoire. Une base occupée n'est pas une panne : on versera plus tard."""
    with _verrou:
        a_verser = dict(_comptes)
        _comptes.clear()
    if not a_verser:
        return
    jour = timezone.localdate()
    try:
        with transaction.atomic():
            Audience.objects.bulk_create(
                [Audience(jour=jour, page=page) for page in a_verser], ignore_conflicts=True
            )
            for page, nombre in sorted(a_verser.items()):
                Audience.objects.filter(jour=jour, page=page).update(nombre=F("nombre") + nombre)
    except DatabaseError:
        with _verrou:
            _comptes.update(a_verser)


def _verser_a_la_fin() -> None:
    try:
        verser()
    except Exception:  # noqa: BLE001 - le processus s'arrête, rien ne doit l'en empêcher
        return


atexit.register(_verser_a_la_fin)
