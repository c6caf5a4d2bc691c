import pytest

from maillage.territoire.telephone import telephone_international


@pytest.mark.parametrize(
    "numero", ["", "3949", "0800 00 00 00", "04 00", "01 23 45 67 89 10", "+33", "un numéro"]
)
def test_un_numero_incertain_n_a_pas_d_ecriture_internationale(numero: str) -> None:
    assert telephone_international(numero) == ""


@pytest.mark.parametrize(
    ("numero", "attendu"),
    [
        ("04 65 71 20 12", "+33465712012"),
        ("04.65.71.20.12", "+33465712012"),
        ("06-12-34-56-78", "+33612345678"),
        ("0262 12 34 56", "+262262123456"),
        ("0639 98 14 14", "+262639981414"),
        ("0590123456", "+590590123456"),
        ("0696 12 34 56", "+596696123456"),
        ("0508 41 23 45", "+508508412345"),
        ("+687 12 34 56", "+687123456"),
        ("+33 4 65 71 20 12", "+33465712012"),
    ],
)
def test_un_numero_francais_s_ecrit_pour_les_machines(numero: str, attendu: str) -> None:
    assert telephone_international(numero) == attendu
