"""Les champs que plusieurs pièces partagent."""

import pytest
from django.core.exceptions import ValidationError

from maillage.core.formulaires import champ_de_date


@pytest.mark.parametrize("ecrite", ["0026-12-31", "1026-12-31", "2999-12-31"])
def test_une_annee_tapee_de_travers_est_dite_au_lieu_d_etre_gardee(ecrite: str) -> None:
    with pytest.raises(ValidationError, match="quatre chiffres, comme 2026"):
        champ_de_date("Jour").clean(ecrite)


@pytest.mark.parametrize("ecrite", ["1931-05-01", "2026-12-31", "31/12/2026"])
def test_une_date_d_aujourd_hui_ou_d_une_vie_passe(ecrite: str) -> None:
    assert champ_de_date("Jour").clean(ecrite).year >= 1931
