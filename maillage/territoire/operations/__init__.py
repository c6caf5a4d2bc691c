"""Les actes sur le territoire : chacun vérifie, écrit et journalise dans une transaction."""

from .referentiel import ReferentielAbsent, charger_territoire, territoire_est_charge
from .structures import (
    ajouter_site,
    annoncer_fermeture,
    creer_structure,
    definir_desserte,
    enregistrer_agrement,
    modifier_site,
    modifier_structure,
    retirer_fermeture,
)

__all__ = [
    "ReferentielAbsent",
    "ajouter_site",
    "annoncer_fermeture",
    "charger_territoire",
    "creer_structure",
    "definir_desserte",
    "enregistrer_agrement",
    "modifier_site",
    "modifier_structure",
    "retirer_fermeture",
    "territoire_est_charge",
]
