"""Les actes sur le territoire : chacun vérifie, écrit et journalise dans une transaction."""

from .referentiel import ReferentielAbsent, charger_territoire, territoire_est_charge
from .structures import (
    ajouter_site,
    annoncer_fermeture,
    creer_structure,
    definir_desserte,
    effacer_agrement,
    enregistrer_agrement,
    modifier_site,
    modifier_structure,
    retirer_fermeture,
)
from .vie_des_structures import (
    StructureRefusee,
    annuler_changement_de_gestionnaire,
    changer_gestionnaire,
    fermer_structure,
    fusionner_structures,
    rouvrir_structure,
)

__all__ = [
    "ReferentielAbsent",
    "StructureRefusee",
    "ajouter_site",
    "annoncer_fermeture",
    "annuler_changement_de_gestionnaire",
    "changer_gestionnaire",
    "charger_territoire",
    "creer_structure",
    "definir_desserte",
    "effacer_agrement",
    "enregistrer_agrement",
    "fermer_structure",
    "fusionner_structures",
    "modifier_site",
    "modifier_structure",
    "retirer_fermeture",
    "rouvrir_structure",
    "territoire_est_charge",
]
