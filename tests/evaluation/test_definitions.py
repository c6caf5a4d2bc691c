"""La définition d'un indicateur : ce qui se refuse, ce qui se garde."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.evaluation.choices import Filtre, Mesure, Perimetre, Ventilation
from maillage.evaluation.definitions import ACCEPTE, Definition, DefinitionInvalide, lire_definition
from maillage.evaluation.phrases import dire
from maillage.personnes.choices import BORNES_D_AGE, TrancheAge
from maillage.projets.choices import Calendrier


# --- Les refus ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("document", "mot"),
    [
        ({}, "Choisissez ce que l’on compte"),
        ([], "un objet"),
        ({"mesures": ["licornes"]}, "n’existe pas"),
        ({"mesures": [3]}, "liste de mots"),
        ({"mesures": ["seances", "seances"]}, "deux fois"),
        ({"mesures": ["seances"], "couleur": "bleu"}, "ne connaît pas"),
        ({"mesures": ["seances"], "filtres": {"age": ["jeunes"]}}, "n’a pas de sens pour : séances"),
        ({"mesures": ["presences"], "filtres": {"age": ["vieux"]}}, "n’est pas un choix"),
        ({"mesures": ["presences"], "filtres": {"quartier": [" "]}}, "quelques mots"),
        ({"mesures": ["presences"], "filtres": {"quartier": ["x" * 121]}}, "120 caractères"),
        ({"mesures": ["presences"], "filtres": {"quartier": []}}, "une valeur"),
        ({"mesures": ["presences"], "filtres": ["age"]}, "un objet"),
        ({"mesures": ["presences"], "filtres": {"genre": ["femmes", "hommes"]}}, "tout le monde"),
        ({"mesures": ["seances"], "au_moins": 3}, "n’a pas de sens"),
        ({"mesures": ["familles"], "au_moins": 0}, "de 1 à 99"),
        ({"mesures": ["familles"], "au_moins": True}, "entier"),
        ({"mesures": ["evolution"]}, "de quelle mesure"),
        ({"mesures": ["seances"], "base": ["seances"]}, "évolution"),
        ({"mesures": ["evolution"], "base": ["repartition"]}, "On ne suit pas"),
        ({"mesures": ["repartition"]}, "selon quoi"),
        ({"mesures": ["seances"], "par": ["genre"]}, "n’a pas de sens"),
        ({"mesures": ["seances"], "perimetre": "lune"}, "n’existe pas"),
    ],
)
def test_une_definition_qui_ne_veut_rien_dire_est_refusee(document: Any, mot: str) -> None:
    with pytest.raises(DefinitionInvalide, match=mot):
        lire_definition(document)


def test_un_calendrier_inconnu_est_refuse() -> None:
    with pytest.raises(DefinitionInvalide, match="n’existe pas"):
        lire_definition({"mesures": ["seances"]}, "lunaire")


# --- Ce qui se garde ------------------------------------------------------------------------------------
def test_chaque_mesure_dit_ce_qu_elle_accepte() -> None:
    assert {*ACCEPTE} == {*Mesure}


def test_chaque_tranche_d_age_a_ses_bornes() -> None:
    assert {*BORNES_D_AGE} == {*TrancheAge}


def test_les_valeurs_par_defaut_ne_s_enregistrent_pas() -> None:
    assert Definition((Mesure.SEANCES,)).en_json() == {"mesures": ["seances"]}


def test_elaguer_retire_ce_qui_n_a_pas_de_sens() -> None:
    elaguee = Definition.elaguee(
        (Mesure.SEANCES,),
        {Filtre.AGE: ("jeunes",), Filtre.GENRE_SEANCE: ("atelier",)},
        (Ventilation.GENRE,),
        (Mesure.PRESENCES,),
        au_moins=3,
    )
    assert elaguee == Definition((Mesure.SEANCES,), {Filtre.GENRE_SEANCE: ("atelier",)})


@given(
    mesures=st.lists(
        st.sampled_from([m for m in Mesure if m is not Mesure.REPARTITION]), min_size=1, unique=True
    ),
    filtres=st.dictionaries(
        st.sampled_from([Filtre.PUBLIC, Filtre.QUARTIER, Filtre.AUTRE]),
        st.text(st.characters(codec="utf-8", exclude_characters="\n\x00"), min_size=1, max_size=120)
        .filter(str.strip)
        .map(lambda valeur: (valeur,)),
    ),
    perimetre=st.sampled_from(Perimetre),
    calendrier=st.sampled_from(Calendrier),
)
def test_une_definition_enregistree_se_relit_la_meme(
    mesures: list[Mesure],
    filtres: dict[Filtre, tuple[str, ...]],
    perimetre: Perimetre,
    calendrier: Calendrier,
) -> None:
    definition = Definition.elaguee(
        mesures, filtres, (), (Mesure.PRESENCES,), 2, perimetre=perimetre, calendrier=calendrier
    )
    relue = lire_definition(json.loads(json.dumps(definition.en_json())), calendrier)
    assert relue == definition
    assert dire(relue) == dire(definition)
