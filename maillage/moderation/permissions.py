"""Qui peut quoi dans la modération."""

from typing import Any, TypeGuard

from django.db.models import Q

from maillage.comptes.models import Utilisateur
from maillage.comptes.permissions import est_moderatrice
from maillage.moderation.competence import Competence
from maillage.moderation.models import Decision, Demande


def peut_moderer(utilisateur: Any) -> TypeGuard[Utilisateur]:
    """Les modératrices du réseau (fédération, Caf) et l'administration tiennent la file."""
    return est_moderatrice(utilisateur)


def peut_decider(utilisateur: Any, demande: Demande) -> TypeGuard[Utilisateur]:
    """Une modératrice du territoire, jamais pour une structure où elle travaille."""
    return (
        peut_moderer(utilisateur) and Demande.objects.visibles_par(utilisateur).filter(pk=demande.pk).exists()
    )


def peut_defaire(utilisateur: Any, decision: Decision) -> TypeGuard[Utilisateur]:
    """La personne qui a décidé, tant que l'auteur n'est pas prévenu."""
    return peut_moderer(utilisateur) and decision.par_id == utilisateur.pk and decision.peut_etre_defaite


def filtre_de_competence(utilisateur: Any) -> Q:
    """Ce qu'une modératrice peut juger, sur tout modèle qui a une `structure` ; rien pour les autres."""
    return Competence(utilisateur).filtre()
