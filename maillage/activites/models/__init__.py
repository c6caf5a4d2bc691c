"""Les activités, leurs séances, qui y vient, qui les porte."""

from maillage.activites.models.activite import Activite, Seance, Serie, Theme
from maillage.activites.models.engagement import (
    Benevole,
    FormationDeBenevole,
    HeuresDeBenevolat,
    Initiative,
    SuiviDInitiative,
)
from maillage.activites.models.presences import (
    Inscription,
    Intervention,
    PartenaireDuCentre,
    Presence,
    Satisfaction,
    VenueSansNom,
)

__all__ = [
    "Activite",
    "Benevole",
    "FormationDeBenevole",
    "HeuresDeBenevolat",
    "Initiative",
    "Inscription",
    "Intervention",
    "PartenaireDuCentre",
    "Presence",
    "Satisfaction",
    "Seance",
    "Serie",
    "SuiviDInitiative",
    "Theme",
    "VenueSansNom",
]
