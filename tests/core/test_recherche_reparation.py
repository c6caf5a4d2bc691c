"""Réparer un mot inconnu sans en inventer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.recherche.analyse import replier
from maillage.core.recherche.reparation import Forme, distance, reparer

MOTS = {
    "numérique": 40,
    "numéro": 3,
    "vacances": 12,
    "parentalité": 9,
    "jeunes": 60,
    "jardin": 20,
    "ligne": 30,
}
lettres = st.text(alphabet="abcd", max_size=7)


def formes(prefixe: str) -> list[Forme]:
    return [Forme(replier(mot), mot) for mot in MOTS if replier(mot).startswith(prefixe)]


def repare(faute: str) -> str | None:
    return reparer(faute, formes, lambda mot: MOTS.get(mot, 0))


@pytest.mark.parametrize("inconnu", ["zzz", "xylophone", "num", "tracteur", "42", ""])
def test_un_mot_trop_loin_de_tout_reste_tel_quel(inconnu: str) -> None:
    assert repare(inconnu) is None


@pytest.mark.parametrize(
    ("faute", "juste"),
    [
        ("numérqiue", "numérique"),
        ("numreique", "numérique"),
        ("nmuerique", "numérique"),
        ("umerique", "numérique"),
        ("mumerique", "numérique"),
        ("vacancse", "vacances"),
        ("parantalité", "parentalité"),
        ("jadrin", "jardin"),
        ("lgine", "ligne"),
    ],
)
def test_une_faute_de_frappe_est_reparee_ou_qu_elle_soit(faute: str, juste: str) -> None:
    assert repare(faute) == juste


def test_a_fautes_egales_le_mot_le_plus_employe_l_emporte() -> None:
    def deux(prefixe: str) -> list[Forme]:
        return [Forme(mot, mot) for mot in ("marche", "marchx") if mot.startswith(prefixe)]

    assert reparer("marchz", deux, {"marche": 5, "marchx": 1}.__getitem__) == "marche"
    assert reparer("marchz", deux, {"marche": 1, "marchx": 5}.__getitem__) == "marchx"


def test_un_mot_des_synonymes_sert_quand_aucune_fiche_ne_l_emploie() -> None:
    ailleurs = [Forme("illectronisme", "illectronisme")]
    assert reparer("illectronsime", formes, lambda mot: 0, ailleurs) == "illectronisme"


def _distance_naive(a: str, b: str) -> int:
    """Damerau-Levenshtein restreint, par le tableau entier."""
    table = {(i, -1): i + 1 for i in range(-1, len(a))} | {(-1, j): j + 1 for j in range(-1, len(b))}
    for i, lettre in enumerate(a):
        for j, autre in enumerate(b):
            cout = 0 if lettre == autre else 1
            table[i, j] = min(table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + cout)
            if i and j and lettre == b[j - 1] and a[i - 1] == autre:
                table[i, j] = min(table[i, j], table[i - 2, j - 2] + 1)
    return table[len(a) - 1, len(b) - 1]


@given(lettres, lettres, st.integers(1, 3))
def test_la_distance_rapide_est_la_distance(a: str, b: str, limite: int) -> None:
    assert distance(a, b, limite) == min(_distance_naive(a, b), limite + 1)
