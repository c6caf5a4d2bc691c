"""F12 et F37 : SQL, gabarits, formats, en-têtes, formules et Unicode, dans chaque champ."""

from outils.epreuves import Epreuve
from outils.epreuves._tests import par_les_tests

TESTS = (
    "tests/architecture/test_formulaires_fous.py",
    "tests/catalogue/test_export.py",
)


def eprouver(courte: bool) -> Epreuve:
    return par_les_tests(
        "F12 et F37 textes que personne n'écrirait",
        "aucun effet, jamais une panne",
        *TESTS,
        courte=courte,
    )
