"""Les épreuves : ce qui demande du temps, du hasard ou des coupures.

Chaque module du dossier expose `eprouver(courte: bool) -> Epreuve` ; la ronde courte tourne à chaque
`bin/test`.
"""

import importlib
import logging
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Epreuve:
    """Résultat d'une épreuve. `fautes` vide = tenue ; `bilan` dit combien a été essayé."""

    nom: str
    bilan: str
    fautes: list[str] = field(default_factory=list)


def eprouver(nom: str, courte: bool) -> Epreuve:
    """Joue une épreuve. Ici et non dans `__main__`, qu'un processus neuf ne relit pas sous `python -m`."""
    logging.disable(logging.WARNING)  # une adresse absente, demandée exprès, n'apprend rien
    epreuve: Epreuve = importlib.import_module(f"outils.epreuves.{nom}").eprouver(courte)
    return epreuve
