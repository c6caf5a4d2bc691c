"""Au démarrage : un cadre mal écrit se dit avant que quelqu'un ouvre sa page."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from maillage.evaluation.cadres.definitions import CadreInvalide, cadres


@register
def cadres_lisibles(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    try:
        cadres()
    except CadreInvalide as faute:
        return [Error(f"Un cadre de rapport ne se lit pas. {faute}", id="evaluation.E001")]
    return []
