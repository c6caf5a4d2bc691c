"""F11 : deux cents charges de script dans chaque texte de chaque modèle, lues dans un navigateur."""

from outils.epreuves import Epreuve
from outils.epreuves._tests import par_les_tests

TESTS = ("tests/navigateur/test_charges.py", "tests/architecture/test_surete.py")


def eprouver(courte: bool) -> Epreuve:
    return par_les_tests(
        "F11 scripts cachés dans les textes",
        "0 dialogue, 0 refus de la politique de sécurité, 0 demande à un tiers",
        *TESTS,
        courte=courte,
    )
