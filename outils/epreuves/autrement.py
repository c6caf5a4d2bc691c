"""F44 : au clavier seul, sans script, sans feuille de style, grossi à 400 %, en couleurs forcées."""

from pathlib import Path

from outils.epreuves import Epreuve
from outils.epreuves._tests import RACINE, par_les_tests


def eprouver(courte: bool) -> Epreuve:
    parcours = sorted((RACINE / "tests" / "navigateur").glob("test_*.py"))
    noms = [str(Path(parcours_).relative_to(RACINE)) for parcours_ in parcours]
    return par_les_tests(
        "F44 autrement qu'à la souris",
        "chaque parcours finit, rien ne déborde, rien n'est invisible",
        *noms,
        courte=courte,
    )
