"""Fichiers reçus : refusés avant d'être lus en entier quand ils sont trop lourds."""

from typing import Any

from django.conf import settings
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
