"""F1, F2 et F4 : les objets d'un autre centre, champ par champ et adresse par adresse."""

from outils.epreuves import Epreuve
from outils.epreuves._tests import par_les_tests

TESTS = (
    "tests/architecture/test_canari.py",
    "tests/architecture/test_saboteur.py",
)


def eprouver(courte: bool) -> Epreuve:
    return par_les_tests(
        "F1, F2 et F4 étanchéité prouvée et sabotée",
        "0 jeton étranger lu, rien de bougé, chaque porte sabotée se voit",
        *TESTS,
        courte=courte,
    )
