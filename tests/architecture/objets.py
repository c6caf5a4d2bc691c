"""Un objet de chaque genre, pour appeler chaque adresse de la table d'accès."""

from typing import Any

from tests.distribution import Distribution
from tests.fabriques import ExperienceFactory


def adresses_d_essai(distribution: Distribution) -> dict[str, dict[str, Any]]:
    """Par nom d'adresse, les paramètres de son chemin."""
    ExperienceFactory(structure=distribution.tilleuls)
    return {
        "accepter_invitation": {"jeton": "inconnu"},
        "account_reset_password_from_key": {"uidb36": "1", "key": "fausse-cle"},
    }
