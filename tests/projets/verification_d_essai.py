"""Les adresses de la vérification, des pièces et des référentiels, pour la table d'accès."""

from typing import Any

from maillage.projets.models import ProjetSocial
from maillage.projets.verification import manques
from tests.distribution import Distribution
from tests.projets.fabriques import FicheActionFactory
from tests.projets.fabriques_verification import PieceDuDossierFactory, VersionDeReferentielFactory

DU_PROJET = ("verification", "verification_noter", "pieces_du_dossier", "referentiel_du_projet")
D_UNE_PIECE = ("piece_modifier", "piece_fichier")
D_UNE_VERSION = ("referentiel_version", "referentiel_fichier")


def adresses_de_la_verification(
    projet: ProjetSocial, distribution: Distribution
) -> dict[str, dict[str, Any]]:
    social, piece = {"pk": projet.pk}, {"pk": PieceDuDossierFactory(projet=projet).pk}
    version = {"pk": VersionDeReferentielFactory(institution=distribution.federation).pk}
    return {
        **dict.fromkeys(DU_PROJET, social),
        "verification_point": social | {"reference": manques(projet)[0].reference},
        "piece_deposer": social | {"cle": "libre"},
        **dict.fromkeys(D_UNE_PIECE, piece),
        "piece_geste": piece | {"geste": "oter"},
        **dict.fromkeys(D_UNE_VERSION, version),
        "referentiel_geste": version | {"geste": "publier"},
        "referentiel_livre": {"cle": "projet_social"},
        "referentiel_livre_fichier": {"cle": "projet_social"},
        "fiche_action_supprimer": {"pk": FicheActionFactory(projet=projet, titre="Une fiche de trop").pk},
    }
