"""Données de personnes repérées dans le récit."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.catalogue.importation.vigilance import reperer


def reperes(texte: str, structure: str = "") -> list[tuple[str, str]]:
    return [(trouve.genre.value, trouve.extrait) for trouve in reperer({"resume": texte}, structure)]


@pytest.mark.parametrize(
    "texte",
    [
        "",
        "Du 05/10/2017 au 14/12/2017, de 10h00 à 18h30",
        "Total 2 704,08 € puis 01 200 300",
        "Le collège Jean Moulin et le lycée (Henri Dunant, Emmanuel Mounier)",
        "place Pierre Semard, quartier Saint Jean Bosco",
        "Monsieur le Maire, Madame la Préfète",
        "Martin habite ici",
        "@ plus sur le web",
        "France Services, Pôle Emploi, Mission Locale",
    ],
)
def test_ce_qui_n_est_pas_une_personne_n_est_pas_signale(texte: str) -> None:
    assert reperes(texte) == []


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("Appelez le 06 12 34 56 78.", [("telephone", "06 12 34 56 78")]),
        ("tél:0612345678", [("telephone", "0612345678")]),
        ("+33 6 12.34.56.78", [("telephone", "+33 6 12.34.56.78")]),
        ("0033(0)612345678", [("telephone", "0033(0)612345678")]),
        ("Guadeloupe : +590 690 12 34 56", [("telephone", "+590 690 12 34 56")]),
        ("accueil@centre-social.fr", [("courriel", "accueil@centre-social.fr")]),
        ("jeanne (at) exemple.org", [("courriel", "jeanne (at) exemple.org")]),
        ("animé par Mme Dupont-Durand", [("personne", "Mme Dupont-Durand")]),
        ("avec M. de La Tour", [("personne", "M. de La Tour")]),
        ("un artiste, Alejandro Barcelona", [("personne", "Alejandro Barcelona")]),
        ("« J'ai osé parler. » Josette", [("personne", "Josette")]),
    ],
)
def test_une_donnee_de_personne_est_reperee(texte: str, attendu: list[tuple[str, str]]) -> None:
    assert reperes(texte) == attendu


def test_le_nom_de_la_structure_n_est_pas_une_personne() -> None:
    assert reperes("L'équipe Jacques Tati vous reçoit", "CENTRE JACQUES TATI") == []


@settings(max_examples=300, deadline=None)
@given(
    st.text(alphabet=st.characters(codec="utf-8"), max_size=200)
    | st.text("0123456789 .+-@Mme.Jean Dupont\n", max_size=200)
)
def test_tout_reperage_est_a_sa_place_et_sans_chevauchement(texte: str) -> None:
    fin = 0
    for trouve in reperer({"resume": texte}):
        assert texte[trouve.debut : trouve.fin] == trouve.extrait
        assert trouve.debut >= fin
        fin = trouve.fin
