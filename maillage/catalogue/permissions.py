"""Qui peut quoi dans le catalogue."""

from typing import Any, TypeGuard

from maillage.catalogue.choices import EtatExperience, GenreContribution
from maillage.catalogue.models import Contribution, Experience, PieceJointe
from maillage.comptes.choices import Role
from maillage.comptes.models import Utilisateur
from maillage.comptes.permissions import est_moderatrice, structures_de
from maillage.territoire.models import Structure


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


def peut_juger(utilisateur: Any, experience: Experience) -> TypeGuard[Utilisateur]:
    """Une modératrice du territoire de la fiche, jamais pour une structure où elle travaille."""
    return (
        est_moderatrice(utilisateur)
        and Experience.objects.jugees_par(utilisateur).filter(pk=experience.pk).exists()
    )


def dirige(utilisateur: Any, structure: Structure) -> TypeGuard[Utilisateur]:
    """La direction de la structure, de son gestionnaire, ou de celle qui l'a reprise."""
    if not isinstance(utilisateur, Utilisateur) or not utilisateur.is_active:
        return False
    siennes = {structure.pk, structure.remplacee_par_id}
    return any(
        tenue.role == Role.DIRECTRICE
        and (
            tenue.structure_id in siennes
            or (tenue.gestionnaire_id is not None and tenue.gestionnaire_id == structure.gestionnaire_id)
        )
        for tenue in utilisateur.appartenances_du_jour
        if tenue.institution_id is None
    )


def peut_retirer(utilisateur: Any, experience: Experience) -> TypeGuard[Utilisateur]:
    """La direction du centre retire une fiche, ou une modératrice de son territoire."""
    return dirige(utilisateur, experience.structure) or peut_juger(utilisateur, experience)


def peut_remettre(utilisateur: Any, experience: Experience) -> TypeGuard[Utilisateur]:
    """Les mêmes la remettent, quand elle a été retirée et non réunie à une autre.

    Ce qu'une modératrice a retiré, une modératrice le remet.
    """
    if experience.etat != EtatExperience.RETIREE or experience.fusionnee_dans_id:
        return False
    par_le_reseau = experience.retiree_par is not None and not _en_est(experience.retiree_par, experience)
    return peut_juger(utilisateur, experience) or (
        not par_le_reseau and dirige(utilisateur, experience.structure)
    )


def peut_fusionner(utilisateur: Any, une: Experience, autre: Experience) -> TypeGuard[Utilisateur]:
    """Qui peut juger les deux fiches les réunit, ou les sépare."""
    return peut_juger(utilisateur, une) and peut_juger(utilisateur, autre)


def peut_remettre_piece(utilisateur: Any, piece: PieceJointe) -> TypeGuard[Utilisateur]:
    """Le centre remet ce qu'il a retiré ; ce qu'une modératrice a retiré, une modératrice le remet."""
    par_le_reseau = piece.retiree_par is not None and not _en_est(piece.retiree_par, piece.experience)
    return peut_juger(utilisateur, piece.experience) or (
        not par_le_reseau and _en_est(utilisateur, piece.experience)
    )


def _en_est(utilisateur: Any, experience: Experience) -> bool:
    return experience.structure_id in structures_de(utilisateur)


def peut_ecrire(utilisateur: Any, contribution: Contribution) -> TypeGuard[Utilisateur]:
    """Tous ceux du centre écrivent ensemble ses fiches et ses révisions ; une correction est à son lecteur."""
    return (
        contribution.genre != GenreContribution.CORRECTION
        and contribution.experience.structure_id in structures_de(utilisateur)
    )
