"""Les mesures : chaque module du dossier expose `mesurer() -> list[Mesure]`.

Une vitesse est toujours un rapport, pris dans la même exécution : la machine va du simple au double d'une
heure à l'autre, un rapport, non.
"""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Mesure:
    """Une ligne du tableau. `atteint` vaut None quand aucun chiffre n'est demandé."""

    sujet: str
    demande: str
    mesure: str
    comment: str
    atteint: bool | None = None


def durees(acte: Callable[[], object], *, tours: int, chauffe: int = 3) -> list[float]:
    """Durée de chaque tour, en secondes, après quelques tours pour rien."""
    for _ in range(chauffe):
        acte()
    relevees = []
    for _ in range(tours):
        debut = time.perf_counter()
        acte()
        relevees.append(time.perf_counter() - debut)
    return relevees


def durees_entrelacees(actes: dict[str, Callable[[], object]], *, tours: int) -> dict[str, list[float]]:
    """Les mêmes tours pour chaque acte, l'un après l'autre : une machine lente l'est pour tous."""
    for acte in actes.values():
        durees(acte, tours=0)
    relevees: dict[str, list[float]] = {nom: [] for nom in actes}
    for _ in range(tours):
        for nom, acte in actes.items():
            relevees[nom] += durees(acte, tours=1, chauffe=0)
    return relevees


def mediane(valeurs: list[float]) -> float:
    return statistics.median(valeurs)


def p95(valeurs: list[float]) -> float:
    """Dix-neuf fois sur vingt, on attend moins que cela."""
    return statistics.quantiles(valeurs, n=20)[-1]


def nombre(valeur: float, decimales: int = 2) -> str:
    """Écriture française : 1 234,5."""
    return f"{valeur:,.{decimales}f}".replace(",", "\u202f").replace(".", ",")
