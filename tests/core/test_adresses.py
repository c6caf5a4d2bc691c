"""Où une page peut demander de revenir : une page d'ici, ou la page prévue."""

import pytest
from django.urls import reverse

from maillage.core.adresses import adresse_de_retour


@pytest.mark.parametrize(
    "demandee",
    [
        "",
        "n'importe quoi",
        "https://mechant.exemple/",
        "//mechant.exemple/",
        "/\\mechant.exemple",
        "javascript:alert(1)",
    ]
    + ["/espace/\r\nX-Injecte: oui", "/adresse-inconnue/", "9" * 400, "espace/"],
)
def test_une_adresse_qui_n_est_pas_d_ici_est_ignoree(demandee: str) -> None:
    assert adresse_de_retour(demandee, sinon="accueil") == reverse("accueil")


@pytest.mark.parametrize("demandee", ["/espace/", "/experiences/?q=jardin&page=2", "/espace/points/#point-3"])
def test_une_page_d_ici_est_rendue_telle_quelle(demandee: str) -> None:
    assert adresse_de_retour(demandee, sinon="accueil") == demandee
