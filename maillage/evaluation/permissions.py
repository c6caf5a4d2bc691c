"""Qui lit quoi derrière un nombre."""

from typing import Any, TypeGuard

from maillage.activites.models import Activite
from maillage.activites.permissions import peut_voir_les_noms
from maillage.comptes.models import Utilisateur
from maillage.comptes.permissions import structures_de, structures_dirigees, structures_du_registre
from maillage.projets.models import Indicateur


def peut_nommer(utilisateur: Any, indicateur: Indicateur) -> TypeGuard[Utilisateur]:
    """La direction et l'accueil lisent les noms ; une animatrice, ceux des activités qu'elle anime."""
    structure = indicateur.fiche.projet.structure_id
    if structure not in structures_de(utilisateur):
        return False
    animees = Activite.objects.filter(structure=structure, animateurs=utilisateur.pk)
    return structure in structures_du_registre(utilisateur) or animees.exists()


def peut_lire_un_bilan(utilisateur: Any) -> TypeGuard[Utilisateur]:
    """Toute l'équipe d'un centre lit son bilan : des nombres, jamais un nom."""
    return bool(structures_de(utilisateur))


def peut_exporter_les_noms(utilisateur: Any, indicateur: Indicateur) -> TypeGuard[Utilisateur]:
    """La direction, comme pour les présences d'une activité : un fichier sort du logiciel."""
    return indicateur.fiche.projet.structure_id in structures_dirigees(utilisateur)


def activites_nommees(utilisateur: Any, activites: list[Activite]) -> set[int]:
    """Celles dont cette personne lit les noms."""
    return {une.pk for une in activites if peut_voir_les_noms(utilisateur, une)}
