"""Qui peut quoi dans le catalogue."""

from typing import Any, TypeGuard

from maillage.comptes.models import Utilisateur
from maillage.comptes.permissions import est_moderatrice, structures_de


def peut_importer(utilisateur: Any) -> TypeGuard[Utilisateur]:
    """Les modératrices du réseau et l'administration déposent des pages du catalogue national."""
    return est_moderatrice(utilisateur)


def peut_verifier(utilisateur: Any) -> TypeGuard[Utilisateur]:
    """Les mêmes regardent les données de personnes, les doublons et les valeurs inconnues."""
    return est_moderatrice(utilisateur)


def peut_modifier_synonymes(utilisateur: Any) -> TypeGuard[Utilisateur]:
    """Les mêmes tiennent la liste des mots qui se cherchent l'un pour l'autre."""
    return est_moderatrice(utilisateur)


def est_d_une_structure(utilisateur: Any) -> bool:
    """La personne agit aujourd'hui pour au moins une structure, qui a peut-être des expériences."""
    return bool(structures_de(utilisateur))
