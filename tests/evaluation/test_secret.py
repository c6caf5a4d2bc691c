"""Les petits nombres cachés : aucune soustraction ne rend un groupe trop petit."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.evaluation.choices import Filtre, Mesure, Perimetre
from maillage.evaluation.definitions import Definition
from maillage.evaluation.secret import Comptee, au_dehors, masquer
from maillage.projets.choices import CACHE

SEUIL = 11
cellules = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 40), max_size=8)


def test_une_cellule_sous_le_seuil_se_cache_avec_une_seconde() -> None:
    assert masquer({"a": 3, "b": 12, "c": 40}, SEUIL) == {"a": None, "b": None, "c": 40}


def test_zero_se_montre_et_un_grand_nombre_aussi() -> None:
    assert masquer({"a": 0, "b": 11}, SEUIL) == {"a": 0, "b": 11}


def test_tout_se_cache_quand_rien_ne_protege() -> None:
    assert masquer({"a": 3, "b": 4}, SEUIL) == {"a": None, "b": None}


@given(cellules, cellules)
def test_le_total_moins_ce_qui_se_voit_ne_rend_jamais_un_petit_groupe(
    avant: dict[str, int], ajouts: dict[str, int]
) -> None:
    """Ni dans une lecture, ni cellule par cellule : ce qui est caché fait le seuil, et au moins deux cellules."""
    for lues in (avant, avant | ajouts):
        montrees = masquer(lues, SEUIL)
        visibles = [n for n in montrees.values() if n]
        cachees = [mot for mot, n in montrees.items() if n is None]
        assert all(n >= SEUIL for n in visibles)
        if cachees and visibles:
            assert sum(lues.values()) - sum(visibles) >= SEUIL
            assert len(cachees) >= 2


# --- D'un indicateur à l'autre -------------------------------------------------------------------------
Habitant = tuple[str, int, int]
"""Genre, rang de son âge, fiche où il vient."""
GENRES = ("femmes", "hommes", "")
AGES = ("enfants", "adolescents", "seniors")
SANS_FILTRE: dict[Filtre, tuple[str, ...]] = {}
DEFINITIONS = [
    Definition((Mesure.PERSONNES_DIFFERENTES,), filtres, perimetre=perimetre)
    for genre, age, perimetre in product((*GENRES[:2], None), (*AGES, None), Perimetre)
    for filtres in [
        SANS_FILTRE | ({Filtre.GENRE: (genre,)} if genre else {}) | ({Filtre.AGE: (age,)} if age else {})
    ]
]
habitants = st.lists(
    st.tuples(st.sampled_from(GENRES), st.integers(0, 2), st.sampled_from([1, 2])), max_size=70
)


def qui(definition: Definition, fiche: int, gens: Sequence[Habitant]) -> frozenset[int]:
    genres, ages = definition.valeurs(Filtre.GENRE), definition.valeurs(Filtre.AGE)
    return frozenset(
        rang
        for rang, (genre, age, ou) in enumerate(gens)
        if (not genres or genre in genres)
        and (not ages or AGES[age] in ages)
        and (definition.perimetre == Perimetre.CENTRE or ou == fiche)
    )


def comptee(rang: int, definition: Definition, fiche: int, combien: int, **autres: Any) -> Comptee:
    champs: dict[str, Any] = {"annee": 2025, "mesure": definition.mesures[0]}
    champs |= {"valeur": Decimal(combien), "gens": combien} | autres
    champs.setdefault("du", date(champs["annee"], 1, 1))
    return Comptee(indicateur=rang, rang=0, fiche=fiche, definition=definition, **champs)


@settings(max_examples=300)
@given(habitants, st.lists(st.tuples(st.sampled_from(DEFINITIONS), st.sampled_from([1, 2])), max_size=7))
def test_deux_nombres_lus_du_dehors_n_isolent_jamais_moins_de_onze_personnes(
    gens: list[Habitant], phrases: list[tuple[Definition, int]]
) -> None:
    """Une population et des phrases au hasard : ni un nombre lu, ni l'un moins l'autre quand il en est une part."""
    groupes = [qui(definition, fiche, gens) for definition, fiche in phrases]
    dits = au_dehors(
        [comptee(rang, *phrases[rang], len(groupe)) for rang, groupe in enumerate(groupes)], SEUIL
    )
    lus = [groupe for rang, groupe in enumerate(groupes) if not dits[rang, 2025, 0]["mot"]]
    assert all(not groupe or len(groupe) >= SEUIL for groupe in lus)
    for part, tout in product(lus, lus):
        if part < tout:
            assert len(tout - part) >= SEUIL


def dites(*comptees: Comptee) -> list[str]:
    return [dit["mot"] for dit in au_dehors(comptees, SEUIL).values()]


def une(rang: int, valeur: int, genre: str = "", **autres: Any) -> Comptee:
    filtres = {Filtre.GENRE: (genre,)} if genre else SANS_FILTRE
    return comptee(rang, Definition((Mesure.PERSONNES_DIFFERENTES,), filtres), 1, valeur, **autres)


def test_la_part_qui_rendrait_l_autre_se_cache_avec_elle() -> None:
    assert dites(une(1, 30), une(2, 7, "femmes"), une(3, 23, "hommes")) == ["", "moins de 11", CACHE]


def test_le_reste_de_deux_parts_ne_se_retrouve_pas() -> None:
    """Trente en tout, quatorze et treize : trois n'ont rien dit."""
    assert dites(une(1, 30), une(2, 14, "femmes"), une(3, 13, "hommes")) == ["", "", CACHE]


def test_toutes_les_fiches_retranchees_du_centre_ne_rendent_pas_le_reste() -> None:
    """Cent venues au centre, soixante et trente-cinq dans deux fiches : cinq sont ailleurs."""
    centre, fiche = (
        Definition((Mesure.PRESENCES,), perimetre=Perimetre.CENTRE),
        Definition((Mesure.PRESENCES,)),
    )
    assert dites(comptee(1, centre, 1, 100), comptee(2, fiche, 1, 60), comptee(3, fiche, 2, 35)) == [
        "",
        "",
        CACHE,
    ]
    assert dites(comptee(1, centre, 1, 110), comptee(2, fiche, 1, 60), comptee(3, fiche, 2, 35)) == [
        "",
        "",
        "",
    ]


def test_des_gens_differents_de_deux_fiches_ne_s_additionnent_pas() -> None:
    """Les mêmes viennent aux deux : leur somme ne dit pas combien n'y viennent pas."""
    gens = (Mesure.PERSONNES_DIFFERENTES,)
    centre, fiche = Definition(gens, perimetre=Perimetre.CENTRE), Definition(gens)
    assert dites(comptee(1, centre, 1, 100), comptee(2, fiche, 1, 60), comptee(3, fiche, 2, 35)) == [
        "",
        "",
        "",
    ]


def test_des_annees_et_des_fiches_sans_lien_ne_se_cachent_pas() -> None:
    assert dites(une(1, 30), une(2, 23, "hommes", annee=2024)) == ["", ""]


def test_deux_annees_de_memes_bornes_se_retranchent_quel_que_soit_leur_nom() -> None:
    """Un projet commencé un 1er janvier : son année est l'année civile. L'année scolaire, non."""
    rentree = date(2025, 9, 1)
    assert dites(une(1, 30), une(2, 27, "femmes", du=date(2025, 1, 1))) == ["", CACHE]
    assert dites(une(1, 30), une(2, 27, "femmes", du=rentree)) == ["", ""]


def test_un_pour_cent_de_quatre_avis_se_cache() -> None:
    avis = comptee(1, Definition((Mesure.SATISFACTION,)), 1, 4, valeur=Decimal(75))
    assert dites(avis) == [CACHE]


def test_des_seances_se_lisent_meme_peu_nombreuses() -> None:
    seances = comptee(1, Definition((Mesure.SEANCES,)), 1, 0, valeur=Decimal(3), gens=None)
    assert au_dehors([seances], SEUIL) == {(1, 2025, 0): {"mot": "", "detail": True}}


def test_un_detail_qui_se_retranche_d_un_autre_indicateur_ne_se_lit_pas() -> None:
    seule, avec = au_dehors([une(1, 60)], SEUIL), au_dehors([une(1, 60), une(2, 30, "femmes")], SEUIL)
    assert seule[1, 2025, 0]["detail"]
    assert not avec[1, 2025, 0]["detail"]
