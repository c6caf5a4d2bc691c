"""Le projet social : ce qu'un centre veut et ce qu'il va faire, pour quatre ans au plus.

À ne pas confondre avec l'expérience du catalogue, qui dit ce qu'un centre a fait.
"""

from maillage.projets.models.arbre import Axe, Enjeu, GesteDArbre, Objectif, ProjetSpecifique
from maillage.projets.models.cadre import (
    DemandeAgrement,
    EtapeRetroplanning,
    ProjetSocial,
    Tache,
    Zone,
)
from maillage.projets.models.depot import DepotDeProjet, Morceau
from maillage.projets.models.dossier import (
    Chapitre,
    ChiffreDiagnostic,
    Instance,
    Sigle,
    TableauDiagnostic,
)
from maillage.projets.models.fiche import (
    Etape,
    FicheAction,
    Rattachement,
    Relecture,
    Remarque,
    SauvegardeDeFiche,
)
from maillage.projets.models.indicateurs import (
    BilanDeFiche,
    Cible,
    Indicateur,
    Releve,
    SauvegardeDeBilan,
    ValeurCalculee,
)

__all__ = [
    "Axe",
    "BilanDeFiche",
    "Chapitre",
    "ChiffreDiagnostic",
    "Cible",
    "DemandeAgrement",
    "DepotDeProjet",
    "Enjeu",
    "Etape",
    "EtapeRetroplanning",
    "FicheAction",
    "GesteDArbre",
    "Indicateur",
    "Instance",
    "Morceau",
    "Objectif",
    "ProjetSocial",
    "ProjetSpecifique",
    "Rattachement",
    "Releve",
    "Relecture",
    "Remarque",
    "SauvegardeDeBilan",
    "SauvegardeDeFiche",
    "Sigle",
    "TableauDiagnostic",
    "Tache",
    "ValeurCalculee",
    "Zone",
]
