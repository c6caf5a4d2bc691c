"""Facettes exactes : contre un comptage naïf, sur des fiches et des choix de hasard."""

from collections import Counter
from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maillage.core.recherche.moteur import IndexTantivy
from tests.core.index_d_essai import SCHEMA, TOUS, chercher, document

MOTS = ["jardin", "velo", "theatre", "danse"]
PUBLICS = ["seniors", "jeunes", "familles"]
LIEUX = ["nord", "sud", ""]
fiches = st.lists(
    st.tuples(
        st.sets(st.sampled_from(MOTS), min_size=1),
        st.sets(st.sampled_from(PUBLICS)),
        st.sampled_from(LIEUX),
        st.booleans(),
    ),
    max_size=40,
)
choix = st.fixed_dictionaries(
    {}, optional={"public": st.sets(st.sampled_from(PUBLICS), min_size=1), "lieu": st.just({"nord"})}
)


@pytest.fixture(scope="module")
def index_de_hasard(tmp_path_factory: pytest.TempPathFactory) -> IndexTantivy:
    index = IndexTantivy(tmp_path_factory.mktemp("hasard"), SCHEMA)
    index.reconstruire([document(n, mot, public=["Seniors"]) for n, mot in enumerate(MOTS)])
    return index


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fiches=fiches, mot=st.sampled_from(["", *MOTS]), choisis=choix)
def test_chaque_facette_est_exacte_et_comptee_sans_son_propre_filtre(
    index_de_hasard: IndexTantivy,
    fiches: list[tuple[set[str], set[str], str, bool]],
    mot: str,
    choisis: Mapping[str, set[str]],
) -> None:
    index_de_hasard.reconstruire(
        document(
            n, " ".join(mots), public=sorted(publics), lieu=lieu, visibilites=TOUS if visible else ["autre"]
        )
        for n, (mots, publics, lieu, visible) in enumerate(fiches)
    )
    reponse = chercher(index_de_hasard, mot, filtres=choisis, facettes=["public", "lieu"], nombre=50)
    valeurs = [
        {"public": publics, "lieu": {lieu} - {""}}
        for mots, publics, lieu, visible in fiches
        if visible and (not mot or mot in mots)
    ]

    def garde(fiche: Mapping[str, set[str]], sans: str = "") -> bool:
        return all(fiche[cle] & voulues for cle, voulues in choisis.items() if cle != sans)

    assert reponse.total == sum(garde(fiche) for fiche in valeurs) == len(reponse.ids)
    for cle in ("public", "lieu"):
        attendus = Counter(valeur for fiche in valeurs if garde(fiche, sans=cle) for valeur in fiche[cle])
        assert reponse.facettes[cle] == dict(attendus)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texte=st.text(max_size=60))
def test_n_importe_quel_texte_a_une_reponse(index_de_hasard: IndexTantivy, texte: str) -> None:
    reponse = chercher(index_de_hasard, texte, facettes=["public", "lieu"])
    assert len(reponse.ids) == min(reponse.total, 25)
