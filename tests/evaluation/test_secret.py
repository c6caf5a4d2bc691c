"""Les petits nombres cachés : aucune soustraction ne rend un groupe trop petit."""

from hypothesis import given
from hypothesis import strategies as st

from maillage.evaluation.secret import masquer

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
