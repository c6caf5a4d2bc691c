"""Les nœuds d'un arbre pendant qu'on le lit, avant qu'ils deviennent axes, enjeux, objectifs et fiches."""

import re
from dataclasses import dataclass, field
from enum import Enum

ANNEE = re.compile(r"^(20\d\d)$")
COCHE = re.compile(r"^\W*[xX✓✔☑☒●■\uf000-\uf0ff]\W*$")


class Sorte(Enum):
    AXE = "axe"
    ENJEU = "enjeu"
    OBJECTIF = "objectif"
    OPERATIONNEL = "objectif_operationnel"
    ACTION = "fiche"
    NUE = "nue"
    """Une ligne sans mot ni numéro : presque toujours un objectif."""
    RENVOI = "renvoi"
    """Le rappel d'une fiche rangée ailleurs."""
    DECOR = "decor"
    """Années, légende, statut seul : de l'arbre, sans en être un nœud."""


@dataclass
class Noeud:
    """`rang` : celui du bloc dans le document."""

    sorte: Sorte
    rang: int
    numero: str = ""
    texte: str = ""
    statut: str = ""
    annees: tuple[int, ...] = ()
    est_dite: bool = False
    """Le mot y est (« Action 1.1.1 »), pas seulement un numéro."""


@dataclass
class Zone:
    """L'arbre d'un axe. L'axe est sans numéro ni titre quand le projet n'en a pas."""

    axe: Noeud
    noeuds: list[Noeud] = field(default_factory=list)

    @property
    def est_un_arbre(self) -> bool:
        return any(
            noeud.sorte in (Sorte.ENJEU, Sorte.ACTION, Sorte.OBJECTIF, Sorte.OPERATIONNEL)
            for noeud in self.noeuds
        )

    @property
    def rangs(self) -> list[int]:
        return sorted({noeud.rang for noeud in [self.axe, *self.noeuds]})


@dataclass
class Arbre:
    """`codes` : les codes de statut que la légende du document explique."""

    zones: list[Zone] = field(default_factory=list)
    codes: dict[str, str] = field(default_factory=dict)

    @property
    def rangs(self) -> set[int]:
        return {rang for zone in self.zones for rang in zone.rangs}
