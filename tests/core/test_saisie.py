"""Ce qu'un envoi écrit sans formulaire ne surprend jamais la base."""

import pytest

from maillage.core.saisie import numero_ecrit, numeros_ecrits, une_ligne


@pytest.mark.parametrize("ecrit", ["", "-3", "3,5", "trois", "٣", " 3", "9" * 19])
def test_ce_qui_n_est_pas_un_numero_n_en_donne_pas(ecrit: str) -> None:
    assert numero_ecrit(ecrit) is None


def test_des_numeros_se_lisent_et_le_reste_est_passe() -> None:
    assert numeros_ecrits("3,,x,40") == {3, 40}


def test_une_ligne_n_a_ni_retour_ni_espace_en_trop_ni_signe_nul() -> None:
    assert une_ligne("  Li\0na\n  Brahimi ") == "Lina Brahimi"
    assert une_ligne("Lina Brahimi", 4) == "Lina"
