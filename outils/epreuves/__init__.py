"""Les épreuves : ce qui demande du temps, du hasard ou des coupures.

Chaque module du dossier expose `eprouver(courte: bool) -> Epreuve` ; la ronde courte tourne à chaque
`bin/test`. Les numéros F1 à F45 sont ceux de la table des fautes et des attaques (`docs/exigences.md`).
"""

import importlib
import logging
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Epreuve:
    """Résultat d'une épreuve. `fautes` vide = tenue ; `bilan` dit ce qui a été essayé et observé."""

    nom: str
    bilan: str
    fautes: list[str] = field(default_factory=list)
    attendu: str = ""


def eprouver(nom: str, courte: bool) -> Epreuve:
    """Joue une épreuve. Ici et non dans `__main__`, qu'un processus neuf ne relit pas sous `python -m`."""
    logging.disable(logging.WARNING)  # une adresse absente, demandée exprès, n'apprend rien
    epreuve: Epreuve = importlib.import_module(f"outils.epreuves.{nom}").eprouver(courte)
    return epreuve
