"""La vérification d'un projet avant l'envoi : ce qui manque, ce qui se contredit, où y remédier.

Une seule liste pour tout le projet. Un sujet qui a les siens offre `manques_…(projet, arbre)` et s'ajoute à
`DES_AUTRES_SUJETS`.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Final

from maillage.projets.lecture import Arbre, lire_arbre
from maillage.projets.manques import Manque
from maillage.projets.manques_de_la_gouvernance import manques_de_la_gouvernance
from maillage.projets.manques_du_budget import manques_du_budget
from maillage.projets.manques_du_diagnostic import manques_du_diagnostic
from maillage.projets.models import ProjetSocial
from maillage.projets.verification.coherence import a_accorder
from maillage.projets.verification.completude import a_completer
from maillage.projets.verification.lecture import Lecture

DES_AUTRES_SUJETS: Final[tuple[Callable[[ProjetSocial, Arbre], Iterable[Manque]], ...]] = (
    manques_du_diagnostic,
    manques_de_la_gouvernance,
    manques_du_budget,
)


def manques(projet: ProjetSocial, arbre: Arbre | None = None) -> list[Manque]:
    return manques_de(Lecture(projet, arbre or lire_arbre(projet)))


def manques_de(lecture: Lecture) -> list[Manque]:
    """Dans l'ordre où l'on écrit un projet, puis ce qui s'y contredit. Chaque point une fois."""
    trouves: Iterator[Manque] = chain(
        a_completer(lecture),
        chain.from_iterable(autre(lecture.projet, lecture.arbre) for autre in DES_AUTRES_SUJETS),
        a_accorder(lecture),
    )
    return list({manque.identite: manque for manque in trouves}.values())
