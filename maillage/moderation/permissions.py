"""Qui peut quoi dans la modération."""

from typing import Any, TypeGuard

from maillage.comptes.models import Utilisateur
from maillage.comptes.permissions import est_moderatrice
from maillage.moderation.models import Demande


def peut_moderer(utilisateur: Any) -> TypeGuard[Utilisateur]:
    """Les modératrices du réseau (fédération, Caf) et l'administration tiennent la file."""
    return est_moderatrice(utilisateur)


def peut_decider(utilisateur: Any, demande: Demande) -> TypeGuard[Utilisateur]:
    """Une modératrice du territoire, jamais pour une structure où elle travaille."""
    return (
        peut_moderer(utilisateur) and Demande.objects.visibles_par(utilisateur).filter(pk=demande.pk).exists()
    )
