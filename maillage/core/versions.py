"""Deux personnes, un objet : la seconde est prévenue, rien n'est écrasé en silence."""

from typing import Any

from django.db.models import F
from django.utils import timezone

from maillage.core.models import Versionnee


class ConflitDeVersion(Exception):
    """L'objet a changé depuis sa lecture. La page montre les deux textes et laisse choisir."""

    def __init__(self, objet: Versionnee) -> None:
        super().__init__("Quelqu'un a modifié cette page pendant que vous écriviez. Votre texte est gardé.")
        self.objet = objet


def enregistrer(objet: Versionnee, /, *, version_lue: int, **valeurs: Any) -> None:
    """Écrit ces champs si l'objet en est toujours à `version_lue`, et passe à la version suivante.

    Une seule instruction SQL, donc juste sur les deux bases. Lève `ConflitDeVersion` sinon.
    """
    ecrites = (
        type(objet)
        ._default_manager.filter(pk=objet.pk, version=version_lue)
        .update(**valeurs, version=F("version") + 1, modifie_le=timezone.now())
    )
    if not ecrites:
        raise ConflitDeVersion(objet)
    objet.refresh_from_db()
