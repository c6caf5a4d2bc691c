"""F10 et F13 : un autre site fait envoyer un formulaire, ou fait demander une adresse de la maison."""

from outils.epreuves import Epreuve
from outils.epreuves._tests import par_les_tests

TESTS = ("tests/architecture/test_csrf.py",)


def eprouver(courte: bool) -> Epreuve:
    return par_les_tests(
        "F10 et F13 autre site, adresses internes",
        "403 à tout envoi sans jeton, aucune lecture n'écrit, aucune adresse demandée",
        *TESTS,
        courte=courte,
    )
