"""Ce qu'il vaut mieux ne pas publier : soixante petits textes, dont quinze où il n'y a rien à dire."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.catalogue.choices import GenrePoint
from maillage.catalogue.prudence import RAISONS, douter, retirer

NUMEROS: dict[GenrePoint, tuple[str, ...]] = {
    GenrePoint.TELEPHONE: (
        "Appelez le 06 12 34 56 78 le matin.",
        "tél:0612345678",
        "Tel. 06.12.34.56.78",
        "06-12-34-56-78, demander l’accueil",
        "06/12/34/56/78",
        "au 06. 12. 34. 56. 78",
        "06  12  34  56  78",
        "01 1234 5678",
        "+33 6 12 34 56 78",
        "+33612345678",
        "+33 (0)6 12 34 56 78",
        "0033 6 12 34 56 78",
        "Guadeloupe : +590 690 12 34 56",
        "son portable : 07\u00a012\u00a034\u00a056\u00a078.",
        "(04 73 00 00 00)",
    ),
    GenrePoint.NIR: (
        "n° 2 85 05 78 006 084 36",
        "185057800608491",
        "Sécu : 1 85 05 78 006 084",
        "2.85.05.78.006.084.36",
        "1-85-05-78-006-084-91",
        "né en Corse : 1 85 05 2A 006 084 36",
        "2 85 05 2B 006 084",
        "Son numéro est le 2850578006084/36.",
        "1\u00a085\u00a005\u00a078\u00a0006\u00a0084\u00a091",
        "dossier 285057800608436 transmis",
        "mois inconnu : 2 85 20 78 006 084 36",
        "né à l’étranger : 1 85 05 99 350 084 36",
    ),
    GenrePoint.IBAN: (
        "FR76 3000 6000 0112 3456 7890 189",
        "virement sur FR7630006000011234567890189 pour la salle",
        "IBAN : fr76 3000 6000 0112 3456 7890 189.",
        "FR76-3000-6000-0112-3456-7890-189",
        "mal recopié : FR76 3000 6000 0112 3456 7890 188",
        "BE68 5390 0754 7034 pour payer",
        "DE89 3704 0044 0532 0130 00",
        "compte ES91 2100 0418 4502 0005 1332",
    ),
}
SENSIBLES = (
    ("Kevin est séropositif.", "séropositif"),
    ("Une mère dépressive et deux enfants.", "dépressive"),
    ("Il a fait une tentative de suicide.", "tentative de suicide"),
    ("Monsieur est SCHIZOPHRENE", "SCHIZOPHRENE"),
    ("une voisine musulmane", "musulmane"),
    ("un témoin de Jéhovah du quartier", "témoin de Jéhovah"),
    ("la famille, catholique", "catholique"),
    ("Ce monsieur est un abruti.", "abruti"),
    ("encore un cas social", "cas social"),
    ("sa fille handicapée mentale", "handicapée mentale"),
)
SANS_RIEN = (
    "",
    "Un atelier sur la santé, le handicap et les addictions.",
    "Le Secours catholique et l’Entraide protestante nous aident.",
    "Du 05/10/2017 au 14/12/2017, de 10h00 à 18h30",
    "Total 2 704,08 € puis 01 200 300",
    "Départements 01, 02, 03, 04, 05 et 06",
    "14 000 € par an pour 1 850 habitants",
    "SIRET 123 456 789 00012",
    "Le collège Jean Moulin et la place Pierre Semard",
    "40 % de familles monoparentales, 1 985 en 2019",
    "Un débat sur la laïcité et les religions du monde.",
    "La médiathèque ouvre de 9 h à 12 h 30.",
    "Agir contre les insultes à l’école",
    "Fiche A-02, version 3.1.4, code B12",
    "Une semaine de la dignité pour tous",
)


def test_le_jeu_fait_soixante_textes() -> None:
    assert sum(len(textes) for textes in NUMEROS.values()) + len(SENSIBLES) + len(SANS_RIEN) == 60


def test_presque_tous_les_numeros_sont_reperes_et_sous_leur_nom() -> None:
    """Au moins neuf sur dix (exigence R28), pour chaque sorte comme pour l'ensemble."""
    manques = [
        (genre.value, texte)
        for genre, textes in NUMEROS.items()
        for texte in textes
        if RAISONS[genre] not in {doute.raison for doute in douter({"resume": texte})}
    ]
    assert len(manques) * 10 <= sum(map(len, NUMEROS.values())), manques
    for genre, textes in NUMEROS.items():
        assert sum(manque[0] == genre.value for manque in manques) * 10 <= len(textes), manques


@pytest.mark.parametrize(("texte", "mots"), SENSIBLES)
def test_un_mot_qui_dit_la_sante_la_religion_ou_le_mepris_est_montre(texte: str, mots: str) -> None:
    assert [doute.extrait for doute in douter({"limites": texte})] == [mots]


@pytest.mark.parametrize("texte", SANS_RIEN)
def test_rien_n_est_dit_quand_il_n_y_a_rien(texte: str) -> None:
    assert douter({"resume": texte}) == []


def test_retirer_n_ote_que_les_mots() -> None:
    assert retirer("Appelez le 06 12 34 56 78 demain.", "06 12 34 56 78") == "Appelez le demain."
    assert retirer("Rien à ôter", "") == "Rien à ôter"


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=120) | st.text("FRfr0123456789 .-/ABab@", max_size=120))
def test_un_doute_est_toujours_a_sa_place(texte: str) -> None:
    fin = 0
    for doute in douter({"resume": texte}):
        assert texte[doute.debut : doute.fin] == doute.extrait
        assert doute.debut >= fin
        fin = doute.fin
