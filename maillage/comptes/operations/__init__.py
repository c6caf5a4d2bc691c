"""Les actes sur les comptes : chacun vérifie le droit, écrit et journalise dans une transaction."""

from .clotures import cloturer, defaire_cloture
from .departs import annuler_depart, appliquer_les_departs, terminer_appartenance
from .dormants import endormir_les_dormants, prevenir_les_dormants, rouvrir_compte
from .essais import TropDEssais
from .invitations import (
    InvitationRefusee,
    accepter_invitation,
    annuler_invitation,
    inviter,
    ouvrir_compte,
    renvoyer_invitation,
    trouver_invitation,
)
from .passation import TRANSMETTRE, Passation, a_transmettre, transmettre
from .roles import RoleRefuse, changer_role, donner_role
from .second_facteur import noter_second_facteur, retirer_second_facteur
from .sessions import fermer_les_sessions

__all__ = [
    "TRANSMETTRE",
    "InvitationRefusee",
    "Passation",
    "RoleRefuse",
    "TropDEssais",
    "a_transmettre",
    "accepter_invitation",
    "annuler_depart",
    "annuler_invitation",
    "appliquer_les_departs",
    "changer_role",
    "cloturer",
    "defaire_cloture",
    "donner_role",
    "endormir_les_dormants",
    "fermer_les_sessions",
    "inviter",
    "noter_second_facteur",
    "ouvrir_compte",
    "prevenir_les_dormants",
    "renvoyer_invitation",
    "retirer_second_facteur",
    "rouvrir_compte",
    "terminer_appartenance",
    "transmettre",
    "trouver_invitation",
]
