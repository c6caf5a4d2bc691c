"""Les personnes que le centre connaît par leur nom, leurs foyers, et leurs droits."""

from maillage.personnes.models.droits import (
    AvisDeConservation,
    Consentement,
    Consultation,
    DemandeDeDroits,
    DureeDeConservation,
    Effacement,
)
from maillage.personnes.models.personne import (
    ChampOuvert,
    Foyer,
    FusionDePersonnes,
    ImportDePersonnes,
    MembreDeFoyer,
    PaireEcartee,
    Personne,
    Provenance,
)

__all__ = [
    "AvisDeConservation",
    "ChampOuvert",
    "Consentement",
    "Consultation",
    "DemandeDeDroits",
    "DureeDeConservation",
    "Effacement",
    "Foyer",
    "FusionDePersonnes",
    "ImportDePersonnes",
    "MembreDeFoyer",
    "PaireEcartee",
    "Personne",
    "Provenance",
]
