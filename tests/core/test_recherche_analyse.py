"""L'analyse du français : ce que les gens tapent et ce que les centres écrivent doivent se rejoindre."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.recherche.analyse import (
    LONGUEUR_MAX_MOT,
    analyser,
    analyser_en_place,
    cle,
    composer,
    replier,
)


@pytest.mark.parametrize(
    ("tape", "ecrit"),
    [
        ("parentalite", "Parentalité"),
        ("laicite", "laïcité"),
        ("acces au droit", "Accès aux droits"),
        ("coeur", "cœur"),
        ("l’ecole", "L'ÉCOLE"),
        ("ecole", "e\u0301cole"),
        ("tablette", "tablettes"),
        ("isolé", "isolées"),
        ("retraité", "retraitée"),
        ("jeu", "jeux"),
        ("travail", "travaux"),
        ("ballade", "balade"),
        ("aparté", "apparté"),
        ("CLAS", "C.L.A.S."),
        ("habitant", "habitant·e·s"),
        ("animateur", "animateur(s)"),
    ],
)
def test_deux_facons_d_ecrire_le_meme_mot_se_rejoignent(tape: str, ecrit: str) -> None:
    assert analyser(tape) == analyser(ecrit) != []


@pytest.mark.parametrize(
    ("un", "autre"),
    [
        ("CAF", "café"),
        ("France", "français"),
        ("aidant", "aide"),
        ("fille", "fil"),
        ("poisson", "poison"),
        ("répit", "repas"),
        ("commune", "communication"),
    ],
)
def test_deux_mots_differents_ne_se_confondent_pas(un: str, autre: str) -> None:
    assert analyser(un) != analyser(autre)


def test_les_mots_de_grammaire_sont_retires_mais_pas_ceux_du_metier() -> None:
    assert analyser("avec les et dans leur") == []
    assert len(analyser("aller vers")) == 2
    assert len(analyser("hors les murs")) == 2


def test_un_mot_demesure_est_ignore() -> None:
    assert analyser("a" * (LONGUEUR_MAX_MOT + 1)) == []


def test_une_valeur_entiere_garde_ses_petits_mots() -> None:
    assert cle("Maine-et-Loire") == cle("maine ET loire") != cle("Maine Loire")


@given(st.text())
def test_n_importe_quel_texte_s_analyse_et_ses_places_sont_justes(texte: str) -> None:
    termes = analyser(texte)
    assert all(terme and not any(signe.isspace() for signe in terme) for terme in termes)
    compose = composer(texte)
    places = list(analyser_en_place(compose))
    assert [terme.terme for terme in places] == termes
    for terme in places:
        assert analyser(compose[terme.debut : terme.fin]) == [terme.terme]


@given(st.text())
def test_replier_deux_fois_ne_change_rien(texte: str) -> None:
    assert replier(replier(texte)) == replier(texte)
