"""Fichiers reçus : refusés avant d'être lus en entier quand ils sont trop lourds, gardés sans pouvoir être coupés."""

import hashlib
import os
import time
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

MARGE = 1024 * 1024
"""Octets laissés, dans la taille annoncée, aux autres champs du formulaire."""


class RefusDesFichiersTropLourds(FileUploadHandler):
    """Arrête un envoi dès que sa taille dépasse `TAILLE_MAX_FICHIER` ; la vue lit `request.fichier_trop_lourd`."""

    annonces = recus = 0

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, *args: Any, **kw: Any
    ) -> None:
        """Note seulement la taille annoncée : Django n'attend `StopUpload` qu'une fois le fichier commencé."""
        self.annonces = content_length

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.recus += len(raw_data)
        if self.recus > settings.TAILLE_MAX_FICHIER or self.annonces > settings.TAILLE_MAX_FICHIER + MARGE:
            if self.request is not None:
                self.request.fichier_trop_lourd = True  # type: ignore[attr-defined]
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


# --- Garder ---------------------------------------------------------------------------------------
PROVISOIRE = ".partiel"
AGE_D_UN_ORPHELIN_S = 24 * 3600
"""En deçà, un fichier sans ligne est peut-être celui d'un envoi en cours."""


def ranger(dossier: str, extension: str, octets: bytes) -> str:
    """Écrit le fichier pour de bon sous un nom tiré au hasard, et rend son chemin dans le dossier des fichiers.

    À côté, puis vidé sur le disque, puis renommé : à sa place, un fichier est entier ou n'est pas. Sa ligne en base
    s'écrit après lui ; s'il n'en reçoit pas, `orphelins` le retrouvera.
    """
    nom = uuid4().hex
    chemin = f"{dossier}/{nom[:2]}/{nom}.{extension}"
    place = Path(default_storage.path(chemin))
    place.parent.mkdir(parents=True, exist_ok=True)
    a_cote = place.with_name(place.name + PROVISOIRE)
    try:
        with a_cote.open("wb") as fichier:
            fichier.write(octets)
            fichier.flush()
            os.fsync(fichier.fileno())
        a_cote.replace(place)
    except BaseException:
        a_cote.unlink(missing_ok=True)
        raise
    ouvert = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(ouvert)
    finally:
        os.close(ouvert)
    return chemin


def lire(chemin: str) -> bytes:
    """Lève `FileNotFoundError`."""
    return Path(default_storage.path(chemin)).read_bytes()


def effacer(*chemins: str) -> None:
    """Sans bruit si le fichier n'est plus là."""
    for chemin in filter(None, chemins):
        Path(default_storage.path(chemin)).unlink(missing_ok=True)


def orphelins(dossier: str, connus: Collection[str]) -> Iterator[str]:
    """Fichiers du dossier qu'aucune ligne ne nomme, quand ils ont plus d'un jour."""
    racine = Path(default_storage.path("."))
    limite = time.time() - AGE_D_UN_ORPHELIN_S
    for fichier in sorted((racine / dossier).rglob("*")):
        chemin = fichier.relative_to(racine).as_posix()
        if fichier.is_file() and chemin not in connus and fichier.stat().st_mtime < limite:
            yield chemin


def empreinte(octets: bytes) -> str:
    """SHA-256, en hexadécimal."""
    return hashlib.sha256(octets).hexdigest()
