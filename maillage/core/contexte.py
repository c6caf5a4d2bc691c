"""Ce que tout gabarit connaît : la version, le mode, et la navigation qui existe vraiment."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string

from maillage.core.adresses import adresse_existante


def _ouverts(liens: Iterable[Any], utilisateur: Any) -> list[dict[str, str]]:
    """Les liens dont l'adresse existe ici et que cette personne peut ouvrir."""
    trouves = []
    for lien in liens:
        adresse = adresse_existante(lien.nom)
        if adresse and (not lien.droit or import_string(lien.droit)(utilisateur)):
            trouves.append({"nom": lien.nom, "url": adresse, "libelle": lien.libelle, "icone": lien.icone})
    return trouves


def maillage(request: HttpRequest) -> dict[str, object]:
    """Le menu de l'espace pro ne se calcule que sur une page qui le montre : il lit les droits."""
    return {
        "navigation": _ouverts(settings.NAVIGATION_PUBLIQUE, None),
        "navigation_pro": SimpleLazyObject(lambda: _ouverts(settings.NAVIGATION_PRO, request.user)),
        "mode": settings.MAILLAGE_MODE,
        "version_maillage": settings.MAILLAGE_VERSION,
        "url_du_site": settings.MAILLAGE_URL,
    }
