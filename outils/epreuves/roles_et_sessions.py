"""F3, F6 et F9 : un rôle retiré en cours de route, un code essayé ou rejoué, une session volée."""

from outils.epreuves import Epreuve
from outils.epreuves._tests import par_les_tests

TESTS = (
    "tests/comptes/test_sessions.py",
    "tests/comptes/test_second_facteur.py",
    "tests/comptes/test_membres.py",
)


def eprouver(courte: bool) -> Epreuve:
    return par_les_tests(
        "F3, F6 et F9 rôles, seconds facteurs, sessions",
        "un rôle perdu, un code rejoué ou une session fermée ne servent plus",
        *TESTS,
        courte=courte,
    )
