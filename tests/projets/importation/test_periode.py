"""La période d'un projet : celle que le document dit. Un bilan, des statistiques ou un calendrier ne la disent pas."""

import pytest

from maillage.projets.importation import lire_document

_SUITE = """
NOTRE HISTOIRE

{texte}

Fiche action n° 1 : Le jardin

Contexte : la friche est vide.
Public : tous
Description : on sème.
Moyens : une bêche
"""


def _periode(couverture: str, texte: str = "La maison a ouvert un jour de pluie.") -> tuple[int, int] | None:
    document = "Centre social Bel-Air\n" + couverture + "\n" + _SUITE.format(texte=texte)
    periode = lire_document(document.encode(), "projet.txt").projets[0].periode
    return (periode.debut, periode.fin) if periode else None


@pytest.mark.parametrize(
    "texte",
    [
        "Les effectifs de 2019-2021 ont baissé.",
        "Le quartier est en chantier sur la période 2024/2028.",
        "L'année scolaire 2026-2027 commence en septembre.",
    ],
)
def test_deux_annees_qui_ne_sont_pas_celles_d_un_projet_ne_sont_pas_prises(texte: str) -> None:
    assert _periode("Projet social", texte) is None


def test_la_date_d_un_vote_n_est_pas_une_periode() -> None:
    assert _periode("Projet social\nMars 2026") is None


@pytest.mark.parametrize(
    "couverture",
    [
        "Projet social 2027-2030",
        "Projet social\n2027 / 2030",
        "Projet social\nDu 1er janvier 2027 au 31 décembre 2030",
        "Projet social\n2027\n2030",
        "Projet social 2027-2030\nVoté en mars 2026",
        "Projet social de 2027 à 2030",
    ],
)
def test_la_couverture_dit_la_periode_de_bien_des_facons(couverture: str) -> None:
    assert _periode(couverture) == (2027, 2030)


def test_le_texte_dit_la_periode_et_le_projet_d_avant_n_est_pas_le_notre() -> None:
    texte = "Après le projet social 2023-2026, voici le projet social pour les années 2027-2030."
    assert _periode("Projet social", texte) == (2027, 2030)


def test_une_periode_trop_longue_est_lue_telle_qu_elle_est_ecrite() -> None:
    assert _periode("Projet social 2024-2030") == (2024, 2030)
