"""De quoi appeler chaque adresse des envois ; la Caf de Denis n'a pas dit son territoire."""

from typing import Any

from maillage.projets.models import ProjetSocial
from tests.projets.fabriques_envois import (
    AnnotationFactory,
    DemandeDeComplementsFactory,
    EnvoiFactory,
    LettreFactory,
    PartageFactory,
    PointACompleterFactory,
)

DU_PROJET = ("envois", "envoi_apercu", "partages", "dossier_recu")
DE_L_ENVOI = (
    *("envoi", "envoi_reprendre", "envoi_recevoir", "envoi_annoter"),
    *("dossier_complements", "dossier_avis", "dossier_decision"),
)


def adresses_des_envois(projet: ProjetSocial) -> dict[str, dict[str, Any]]:
    envoi, suivant = EnvoiFactory(projet=projet), EnvoiFactory(projet=projet)
    lu, social = {"pk": envoi.pk}, {"pk": projet.pk}
    demande = DemandeDeComplementsFactory(envoi=envoi)
    return {
        **dict.fromkeys(DU_PROJET, social),
        **dict.fromkeys(DE_L_ENVOI, lu),
        "bilan_transmettre": social | {"annee": projet.du.year},
        "envoi_fichier": lu | {"extension": "pdf"},
        "envoi_piece": lu | {"rang": 1},
        "envois_comparer": lu | {"autre": suivant.pk},
        "partage_fermer": {"pk": PartageFactory(envoi=envoi).pk},
        "point_repondre": {"pk": PointACompleterFactory(demande=demande).pk},
        "annotation_retirer": {"pk": AnnotationFactory(envoi=envoi).pk},
        "complements_reprendre": {"pk": demande.pk},
        **dict.fromkeys(("lettre", "decision_revenir"), {"pk": LettreFactory(envoi=envoi).pk}),
        "lettre_fichier": {"pk": LettreFactory(envoi=envoi, numero=2).pk, "extension": "docx"},
    }
