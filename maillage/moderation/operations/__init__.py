"""Actes de la modération."""

from maillage.moderation.operations.demandes import (
    DejaEnMain,
    GesteImpossible,
    annuler_decision,
    decider,
    deposer_demande,
    noter,
    prendre_en_main,
    rendre,
    retirer_demande,
)

__all__ = [
    "DejaEnMain",
    "GesteImpossible",
    "annuler_decision",
    "decider",
    "deposer_demande",
    "noter",
    "prendre_en_main",
    "rendre",
    "retirer_demande",
]
