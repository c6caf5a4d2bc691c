"""Qui peut quoi dans le portail."""

from typing import Any

from maillage.comptes.permissions import est_moderatrice


def peut_importer_quartiers(utilisateur: Any) -> bool:
    """Les modératrices du réseau et l'administration tiennent le découpage commun à tous."""
    return est_moderatrice(utilisateur)
