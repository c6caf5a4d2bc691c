"""Qui tient le comptoir."""

from typing import Any, TypeGuard

from maillage.comptes.models import Utilisateur
from maillage.comptes.permissions import structures_de, structures_dirigees, structures_du_registre


def peut_tenir_le_comptoir(utilisateur: Any) -> TypeGuard[Utilisateur]:
    """Toute l'équipe du centre compte les passages : aucun nom ne s'y lit."""
    return bool(structures_de(utilisateur))


def peut_regler_le_comptoir(utilisateur: Any) -> TypeGuard[Utilisateur]:
    """La direction tient la liste des types de demande, la même pour tous ses lieux."""
    return bool(structures_dirigees(utilisateur))


def peut_suivre_des_demandes(utilisateur: Any) -> TypeGuard[Utilisateur]:
    """La direction et l'accueil lisent les demandes à suivre : un prénom peut s'y trouver."""
    return bool(structures_du_registre(utilisateur))
