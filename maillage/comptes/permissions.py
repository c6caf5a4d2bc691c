"""Qui est qui : les phrases de droit que les autres pièces composent."""

from typing import Any, TypeGuard

from maillage.comptes.choices import Role
from maillage.comptes.models import Utilisateur


def a_role(utilisateur: Any, *roles: Role) -> TypeGuard[Utilisateur]:
    """La personne tient aujourd'hui au moins un de ces rôles, quelque part."""
    if not isinstance(utilisateur, Utilisateur) or not utilisateur.is_active:
        return False
    return not utilisateur.roles.isdisjoint(roles)


def est_moderatrice(utilisateur: Any) -> TypeGuard[Utilisateur]:
    """Les modératrices du réseau (fédération, Caf) et l'administration de la plateforme tiennent le catalogue."""
    return a_role(utilisateur, Role.MODERATRICE, Role.ADMINISTRATRICE)


def structures_de(utilisateur: Any) -> list[int]:
    """Numéros des structures où la personne agit aujourd'hui, celles de son gestionnaire et celles qu'elles ont
    reprises comprises ; aucune pour un anonyme ou un compte fermé."""
    if not isinstance(utilisateur, Utilisateur) or not utilisateur.is_active:
        return []
    return utilisateur.structures_du_jour
