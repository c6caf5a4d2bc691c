"""Qui tient le comptoir, qui le règle, qui suit des demandes."""

from typing import Any, TypeGuard

from maillage.comptes.models import Utilisateur
from maillage.comptes.permissions import structures_de, structures_dirigees, structures_du_registre
from maillage.territoire.models import Structure


def peut_tenir_le_comptoir(utilisateur: Any) -> TypeGuard[Utilisateur]:
    """Toute l'équipe du centre compte les passages : aucun nom ne s'y lit."""
    return bool(structures_de(utilisateur))


def peut_regler_le_comptoir(utilisateur: Any, centre: Structure) -> TypeGuard[Utilisateur]:
    """La direction du centre tient la liste des types de demande, la même pour tous ses lieux."""
    return centre.pk in structures_dirigees(utilisateur)


def peut_suivre_des_demandes(utilisateur: Any) -> TypeGuard[Utilisateur]:
    """La direction et l'accueil lisent les demandes à suivre : un prénom peut s'y trouver."""
    return bool(structures_du_registre(utilisateur))


def peut_suivre_les_demandes_de(utilisateur: Any, centre: Structure) -> TypeGuard[Utilisateur]:
    """Comme `peut_suivre_des_demandes`, dans ce centre."""
    return centre.pk in structures_du_registre(utilisateur)
