"""Qui fait quoi dans les activités."""

from typing import Any, TypeGuard

from maillage.activites.models import Activite, Seance
from maillage.comptes.models import Utilisateur
from maillage.comptes.permissions import structures_de, structures_dirigees, structures_du_registre


def peut_tenir_des_activites(utilisateur: Any) -> TypeGuard[Utilisateur]:
    """La personne travaille dans une structure : elle en pose les activités et les séances."""
    return bool(structures_de(utilisateur))


def peut_tenir_l_activite(utilisateur: Any, activite: Activite) -> TypeGuard[Utilisateur]:
    """Toute l'équipe du centre pose et change les séances, sans voir un nom."""
    return activite.structure_id in structures_de(utilisateur)


def peut_voir_les_noms(utilisateur: Any, activite: Activite) -> TypeGuard[Utilisateur]:
    """Qui anime l'activité lit les noms de ceux qui y viennent ; la direction et l'accueil, de toutes."""
    if activite.structure_id in structures_du_registre(utilisateur):
        return True
    return peut_tenir_l_activite(utilisateur, activite) and any(
        animateur.pk == utilisateur.pk for animateur in activite.animateurs.all()
    )


def peut_faire_la_feuille(utilisateur: Any, seance: Seance) -> TypeGuard[Utilisateur]:
    """Comme lire les noms : noter les présences d'une séance."""
    return peut_voir_les_noms(utilisateur, seance.activite)


def peut_lire_le_registre_de(utilisateur: Any, structure_id: int) -> TypeGuard[Utilisateur]:
    """La direction et l'accueil cherchent un nom parmi tous ceux du centre ; qui anime, non."""
    return structure_id in structures_du_registre(utilisateur)


def peut_exporter_les_presences(utilisateur: Any, activite: Activite) -> TypeGuard[Utilisateur]:
    """La direction seule sort des noms du logiciel."""
    return activite.structure_id in structures_dirigees(utilisateur)
