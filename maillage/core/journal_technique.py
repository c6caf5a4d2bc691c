"""Journal technique : du JSON, en temps universel, sans donnée de personne ni texte saisi."""

import json
import logging
import traceback
from datetime import UTC, datetime

from maillage.core.demande import numero_de_demande


class LigneJson(logging.Formatter):
    """Une ligne par fait. Les retours à la ligne sont neutralisés par JSON, les chaînes de requête coupées."""

    def format(self, record: logging.LogRecord) -> str:
        ligne: dict[str, object] = {
            "quand": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "niveau": record.levelname,
            "source": record.name,
            "message": record.getMessage().split("?", 1)[0]
            if record.name.startswith("django.request")
            else record.getMessage(),
            "demande": numero_de_demande.get(),
        }
        if record.exc_info and record.exc_info[0]:
            ligne["exception"] = record.exc_info[0].__name__
            # Où, jamais quoi : ni valeurs locales ni message d'exception, qui peuvent citer un texte saisi.
            ligne["pile"] = [
                f"{cadre.filename}:{cadre.lineno} {cadre.name}"
                for cadre in traceback.extract_tb(record.exc_info[2])
            ]
        return json.dumps(ligne, ensure_ascii=False)
