"""F14 : bombes, doubles natures, scripts et noms piégés."""

from outils.epreuves import Epreuve
from outils.epreuves._tests import par_les_tests

TESTS = (
    "tests/core/test_images.py",
    "tests/core/test_pdf_recus.py",
    "tests/catalogue/test_pieces.py",
    "tests/catalogue/test_fichiers.py",
)


def eprouver(courte: bool) -> Epreuve:
    return par_les_tests(
        "F14 fichiers hostiles",
        "refusés sans calcul ni mémoire démesurés, rien ne reste",
        *TESTS,
        courte=courte,
    )
