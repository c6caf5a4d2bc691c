"""Répartir un calcul sur plusieurs processus."""

import pytest

from maillage.core.ouvriers import par_lots


def test_une_panne_dans_un_ouvrier_arrive_a_l_appelant() -> None:
    with pytest.raises(AttributeError, match="upper|lower|replace|split|encode|isascii"):
        list(par_lots("maillage.core.recherche.analyse.analyser", [None]))


def test_les_resultats_reviennent_dans_l_ordre_des_lots() -> None:
    textes = [f"jardin {n}" for n in range(20)]
    assert list(par_lots("maillage.core.recherche.analyse.analyser", textes)) == [
        ["jardin", str(n)] for n in range(20)
    ]
