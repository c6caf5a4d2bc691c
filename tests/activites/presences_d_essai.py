"""De quoi appeler chaque adresse de la feuille et des inscriptions."""

from typing import Any

from maillage.activites.choices import EtatInscription
from maillage.activites.jetons import AVIS, MOIS
from maillage.activites.operations.inscriptions import adresse_de_la_place
from maillage.comptes.models import Utilisateur
from maillage.territoire.models import Structure
from tests.activites.fabriques import ActiviteFactory, InscriptionFactory, SeanceFactory

DE_LA_SEANCE = (
    "feuille",
    "feuille_noter",
    "feuille_ajouter",
    "feuille_mot",
    "feuille_a_signer",
    "avis_affiche",
)


def adresses_des_presences(structure: Structure, animateur: Utilisateur) -> dict[str, dict[str, Any]]:
    activite = ActiviteFactory(structure=structure, animateurs=[animateur])
    seance = {"pk": SeanceFactory(activite=activite).pk}
    inscription = InscriptionFactory(activite=activite)
    proposee = InscriptionFactory(activite=activite, etat=EtatInscription.PROPOSEE)
    return {
        **dict.fromkeys(DE_LA_SEANCE, seance),
        "feuille_geste": seance | {"geste": "rouvrir"},
        **dict.fromkeys(("inscriptions", "presences_fichier"), {"pk": activite.pk}),
        "inscription_geste": {"pk": inscription.pk, "geste": "proposer"},
        "place_proposee": {"jeton": adresse_de_la_place(proposee).split("/")[2]},
        "mon_mois_partage": {"jeton": MOIS.sign(f"{animateur.pk}:2026-03-01:2099-01-01")},
        "avis_de_sortie": {"jeton": AVIS.sign(str(seance["pk"]))},
    }
