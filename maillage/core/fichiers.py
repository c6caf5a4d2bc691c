"""Fichiers reçus : refusés avant d'être lus en entier quand ils sont trop lourds."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload


class RefusDesFichiersTropLourds(FileUploadHandler):
    """Arrête un envoi dès que sa taille dépasse `TAILLE_MAX_FICHIER` ; la vue lit `request.fichier_trop_lourd`."""

    recus = 0

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *args: Any, **kw: Any) -> None:
        if content_length and content_length > settings.TAILLE_MAX_FICHIER + 1024 * 1024:
            self._refuser()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.recus += len(raw_data)
        if self.recus > settings.TAILLE_MAX_FICHIER:
            self._refuser()
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None

    def _refuser(self) -> None:
        if self.request is not None:
            self.request.fichier_trop_lourd = True  # type: ignore[attr-defined]
        raise StopUpload(connection_reset=False)
