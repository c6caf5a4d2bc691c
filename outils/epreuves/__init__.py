"""Les épreuves : ce qui demande du temps, du hasard ou des coupures.

Chaque module du dossier expose `eprouver(courte: bool) -> Epreuve` ; la ronde courte tourne à chaque
`bin/test`.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Epreuve:
    """Résultat d'une épreuve. `fautes` vide = tenue ; `bilan` dit combien a été essayé."""

    nom: str
    bilan: str
    fautes: list[str] = field(default_factory=list)
