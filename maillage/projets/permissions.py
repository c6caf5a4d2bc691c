"""Qui peut quoi dans un projet social."""

from typing import Any, TypeGuard

from django.db.models import Q

from maillage.comptes.choices import Role
from maillage.comptes.models import Utilisateur
from maillage.comptes.permissions import a_role, structures_de, structures_dirigees
from maillage.projets.choices import EtatProjet
from maillage.projets.models import FicheAction, ProjetSocial
from maillage.territoire.choices import GenreInstitution

OUVERTS_A_L_ECRITURE = {
    EtatProjet.PREPARATION,
    EtatProjet.A_COMPLETER,
    EtatProjet.AGREE,
    EtatProjet.EN_COURS,
}
"""Soumis, refusé, évalué ou archivé, un projet se lit et ne s'écrit plus."""


def peut_tenir_des_projets(utilisateur: Any) -> TypeGuard[Utilisateur]:
    """La personne travaille dans une structure : elle en écrit les projets."""
    return bool(structures_de(utilisateur))


def peut_lire_des_projets(utilisateur: Any) -> TypeGuard[Utilisateur]:
    """L'équipe d'une structure, et la Caf, qui lit ceux qu'on lui soumet."""
    return peut_tenir_des_projets(utilisateur) or a_role(utilisateur, Role.CONSEILLER_CAF)


def peut_ouvrir_un_projet(utilisateur: Any) -> TypeGuard[Utilisateur]:
    """La direction d'un centre commence, ou importe, un projet."""
    return bool(structures_dirigees(utilisateur))


def est_de_l_equipe(utilisateur: Any, projet: ProjetSocial) -> TypeGuard[Utilisateur]:
    """Elle travaille dans la structure du projet, ou dans celle qui l'a reprise."""
    return projet.structure_id in structures_de(utilisateur)


def peut_ecrire_le_projet(utilisateur: Any, projet: ProjetSocial) -> TypeGuard[Utilisateur]:
    """L'équipe du centre écrit l'arbre et les fiches, tant que le projet est ouvert."""
    return est_de_l_equipe(utilisateur, projet) and projet.etat in OUVERTS_A_L_ECRITURE


def peut_conduire_le_projet(utilisateur: Any, projet: ProjetSocial) -> TypeGuard[Utilisateur]:
    """La direction du centre tient le cadre : dates, territoire, envoi à la Caf, décisions, rétroplanning."""
    return est_de_l_equipe(utilisateur, projet) and projet.structure_id in structures_dirigees(utilisateur)


def peut_modifier_le_cadre(utilisateur: Any, projet: ProjetSocial) -> TypeGuard[Utilisateur]:
    """La direction change dates et territoire, tant que le projet est ouvert : la Caf juge ce qu'elle a reçu."""
    return peut_conduire_le_projet(utilisateur, projet) and projet.etat in OUVERTS_A_L_ECRITURE


def peut_ecrire_la_fiche(utilisateur: Any, fiche: FicheAction) -> TypeGuard[Utilisateur]:
    """Comme le projet : l'équipe s'entraide, le pilote n'est pas seul à écrire."""
    return peut_ecrire_le_projet(utilisateur, fiche.projet)


def peut_regler_des_etapes(utilisateur: Any) -> TypeGuard[Utilisateur]:
    """Les conseillers de la Caf disent les étapes du renouvellement ; l'administration, pour toutes les Caf."""
    return a_role(utilisateur, Role.CONSEILLER_CAF, Role.ADMINISTRATRICE)


def cafs_a_regler(utilisateur: Any) -> Q:
    """Sur `Institution` : celles dont cette personne dit les étapes du renouvellement."""
    cafs = Q(genre=GenreInstitution.CAF)
    if a_role(utilisateur, Role.ADMINISTRATRICE):
        return cafs
    if not isinstance(utilisateur, Utilisateur) or not utilisateur.is_active:
        return Q(pk__in=[])
    siennes = [
        tenue.institution_id
        for tenue in utilisateur.appartenances_du_jour
        if tenue.role == Role.CONSEILLER_CAF and tenue.institution_id is not None
    ]
    return cafs & Q(pk__in=siennes)
