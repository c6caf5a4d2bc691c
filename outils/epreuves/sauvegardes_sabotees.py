"""F27 : archive tronquée, modifiée, signée d'une autre clé, d'une autre version."""

from outils.epreuves import Epreuve
from outils.epreuves._tests import par_les_tests

TESTS = ("tests/core/test_sauvegarde.py",)


def eprouver(courte: bool) -> Epreuve:
    return par_les_tests(
        "F27 sauvegardes sabotées",
        "chaque sabotage est dit, rien ne change",
        *TESTS,
        courte=courte,
    )
