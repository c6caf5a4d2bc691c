"""Les chiffres du diagnostic, lus dans les phrases des chapitres de données."""

from maillage.projets.importation.blocs import Bloc
from maillage.projets.importation.chapitres import Chapitre
from maillage.projets.importation.lu import ChiffreLu


def lire_les_chiffres(blocs: list[Bloc], chapitres: list[Chapitre]) -> list[ChiffreLu]:
    return []
