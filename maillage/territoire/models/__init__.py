"""Le territoire : lieux officiels, structures, sites, institutions et partenaires."""

from maillage.territoire.models.lieux import (
    AncienneCommune,
    CodePostal,
    Commune,
    Departement,
    Epci,
    Quartier,
    Region,
)
from maillage.territoire.models.reseau import Institution, Partenaire
from maillage.territoire.models.structures import (
    Agrement,
    Desserte,
    FermetureExceptionnelle,
    Gestion,
    Gestionnaire,
    Site,
    Structure,
    valider_horaires,
)

__all__ = [
    "Agrement",
    "AncienneCommune",
    "CodePostal",
    "Commune",
    "Departement",
    "Desserte",
    "Epci",
    "FermetureExceptionnelle",
    "Gestion",
    "Gestionnaire",
    "Institution",
    "Partenaire",
    "Quartier",
    "Region",
    "Site",
    "Structure",
    "valider_horaires",
]
