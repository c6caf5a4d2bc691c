"""Le projet social : ce qu'un centre veut et ce qu'il va faire, pour quatre ans au plus.

À ne pas confondre avec l'expérience du catalogue, qui dit ce qu'un centre a fait.
"""

from maillage.projets.models.arbre import Axe, Enjeu, GesteDArbre, Objectif, ProjetSpecifique
from maillage.projets.models.budget import Budget, Financement, LigneDeBudget
from maillage.projets.models.cadre import (
    DemandeAgrement,
    EtapeRetroplanning,
    ProjetSocial,
    Tache,
    Zone,
)
from maillage.projets.models.depot import DepotDeProjet, Morceau
from maillage.projets.models.diagnostic import (
    Besoin,
    Constat,
    Parole,
    Preuve,
    Rencontre,
    ResultatEnquete,
    ThemeDeParoles,
)
from maillage.projets.models.dossier import (
    Chapitre,
    ChiffreDiagnostic,
    Instance,
    SauvegardeDeChapitre,
    Sigle,
    TableauDiagnostic,
)
from maillage.projets.models.envois import Envoi, Partage
from maillage.projets.models.evaluation import (
    Evaluation,
    LeconRetenue,
    Proposition,
    ReponseDEvaluation,
    SauvegardeDEvaluation,
)
from maillage.projets.models.fiche import (
    Etape,
    FicheAction,
    Rattachement,
    Relecture,
    Remarque,
    SauvegardeDeFiche,
)
from maillage.projets.models.gouvernance import (
    College,
    Decision,
    Mandat,
    PresenceEnReunion,
    PresentsSansMandat,
    PreuveDeParticipation,
    Reunion,
)
from maillage.projets.models.indicateurs import (
    BilanDeFiche,
    Cible,
    Indicateur,
    Releve,
    SauvegardeDeBilan,
    ValeurCalculee,
)
from maillage.projets.models.instruction import (
    Annotation,
    Avis,
    DemandeDeComplements,
    Lettre,
    PointACompleter,
)
from maillage.projets.models.referentiels import ReferentielSuivi, VersionDeReferentiel
from maillage.projets.models.verification import PieceDuDossier, PointDeVerification

__all__ = [
    "Annotation",
    "Avis",
    "Axe",
    "Besoin",
    "BilanDeFiche",
    "Budget",
    "Chapitre",
    "ChiffreDiagnostic",
    "Cible",
    "Constat",
    "College",
    "Decision",
    "DemandeAgrement",
    "DemandeDeComplements",
    "DepotDeProjet",
    "Enjeu",
    "Envoi",
    "Etape",
    "EtapeRetroplanning",
    "Evaluation",
    "FicheAction",
    "Financement",
    "GesteDArbre",
    "Indicateur",
    "Instance",
    "Lettre",
    "LeconRetenue",
    "Morceau",
    "Objectif",
    "Partage",
    "PointACompleter",
    "PieceDuDossier",
    "PointDeVerification",
    "ProjetSocial",
    "ProjetSpecifique",
    "Proposition",
    "Rattachement",
    "ReferentielSuivi",
    "Releve",
    "Parole",
    "Preuve",
    "ProjetSocial",
    "ProjetSpecifique",
    "Rattachement",
    "Relecture",
    "Releve",
    "Remarque",
    "Rencontre",
    "ResultatEnquete",
    "LigneDeBudget",
    "Mandat",
    "Morceau",
    "Objectif",
    "PresenceEnReunion",
    "PresentsSansMandat",
    "PreuveDeParticipation",
    "ProjetSocial",
    "ProjetSpecifique",
    "Rattachement",
    "Relecture",
    "Releve",
    "Remarque",
    "Reunion",
    "ReponseDEvaluation",
    "SauvegardeDEvaluation",
    "SauvegardeDeBilan",
    "SauvegardeDeChapitre",
    "SauvegardeDeFiche",
    "Sigle",
    "TableauDiagnostic",
    "Tache",
    "ThemeDeParoles",
    "ValeurCalculee",
    "VersionDeReferentiel",
    "Zone",
]
