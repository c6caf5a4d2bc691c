"""Qui peut quoi dans un projet social."""

from datetime import timedelta
from typing import Any, Final, TypeGuard

from django.db.models import Q
from django.utils import timezone

from maillage.comptes.choices import Role
from maillage.comptes.models import Utilisateur
from maillage.comptes.permissions import (
    a_role,
    structures_de,
    structures_dirigees,
)
from maillage.projets.choices import EtatProjet
from maillage.projets.models import FicheAction, ProjetSocial
from maillage.projets.querysets import federations_de, structures_instruites
from maillage.territoire.choices import GenreInstitution

OUVERTS_A_L_ECRITURE = {
    EtatProjet.PREPARATION,
    EtatProjet.A_COMPLETER,
    EtatProjet.AGREE,
    EtatProjet.EN_COURS,
}
"""Soumis, refusé, évalué ou archivé, un projet se lit et ne s'écrit plus."""
DERNIERE_ANNEE: Final = timedelta(days=366)

VIVENT = set(EtatProjet) - {EtatProjet.REFUSE, EtatProjet.ARCHIVE}
"""Les instances se réunissent, l'argent arrive : cela se note aussi pendant que la Caf lit, et jusqu'à l'archive."""


def peut_tenir_des_projets(utilisateur: Any) -> TypeGuard[Utilisateur]:
    """La personne travaille dans une structure : elle en écrit les projets."""
    return bool(structures_de(utilisateur))


def peut_lire_des_dossiers(utilisateur: Any) -> TypeGuard[Utilisateur]:
    """La Caf lit les dossiers que les centres de son territoire lui transmettent."""
    return a_role(utilisateur, Role.CONSEILLER_CAF)


def peut_lire_des_partages(utilisateur: Any) -> TypeGuard[Utilisateur]:
    """Un cofinanceur lit ce que des centres lui donnent à lire, rien d'autre."""
    return a_role(utilisateur, Role.VILLE)


def peut_instruire(utilisateur: Any, projet: ProjetSocial) -> TypeGuard[Utilisateur]:
    """La Caf du territoire annote, demande des compléments, rend son avis et décide ; jamais sur le centre où l'on
    travaille."""
    siennes = structures_instruites(utilisateur)
    return peut_lire_des_dossiers(utilisateur) and siennes.filter(pk=projet.structure_id).exists()


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


def peut_evaluer_le_projet(utilisateur: Any, projet: ProjetSocial) -> TypeGuard[Utilisateur]:
    """L'équipe écrit l'évaluation d'un projet en cours ; une fois close, elle se lit."""
    return est_de_l_equipe(utilisateur, projet) and projet.etat == EtatProjet.EN_COURS


def peut_transmettre_l_evaluation(utilisateur: Any, projet: ProjetSocial) -> TypeGuard[Utilisateur]:
    """La direction transmet l'évaluation à la Caf, avant ou après l'avoir close."""
    return peut_conduire_le_projet(utilisateur, projet) and projet.etat in {
        EtatProjet.EN_COURS,
        EtatProjet.EVALUE,
    }


def peut_ouvrir_la_suite(utilisateur: Any, projet: ProjetSocial) -> TypeGuard[Utilisateur]:
    """La direction ouvre le projet suivant dans la dernière année de celui-ci, ou quand il est évalué."""
    if not peut_conduire_le_projet(utilisateur, projet):
        return False
    if projet.etat == EtatProjet.EN_COURS:
        return projet.au - timezone.localdate() <= DERNIERE_ANNEE
    return projet.etat in {EtatProjet.EVALUE, EtatProjet.ARCHIVE}


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


def peut_tenir_des_referentiels(utilisateur: Any) -> TypeGuard[Utilisateur]:
    """Une fédération dit ce qu'un dossier contient sur son territoire ; l'administration, pour tous."""
    return a_role(utilisateur, Role.ADMINISTRATRICE) or bool(federations_de(utilisateur))


def peut_tenir_la_gouvernance(utilisateur: Any, projet: ProjetSocial) -> TypeGuard[Utilisateur]:
    """L'équipe tient réunions, mandats, décisions et preuves, jusqu'à ce que le projet soit archivé."""
    return est_de_l_equipe(utilisateur, projet) and projet.etat in VIVENT


def peut_tenir_le_budget(utilisateur: Any, projet: ProjetSocial) -> TypeGuard[Utilisateur]:
    """La direction écrit le budget du centre et demande aux financeurs, jusqu'à ce que le projet soit archivé."""
    return peut_conduire_le_projet(utilisateur, projet) and projet.etat in VIVENT


def peut_tenir_le_budget_d_une_fiche(utilisateur: Any, projet: ProjetSocial) -> TypeGuard[Utilisateur]:
    """L'équipe écrit le budget des fiches : qui mène l'action sait ce qu'elle coûte."""
    return peut_tenir_la_gouvernance(utilisateur, projet)
