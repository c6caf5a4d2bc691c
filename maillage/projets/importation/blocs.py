"""Ce que les trois formats ont en commun : une suite de blocs. La reconnaissance ne voit que cela."""

from collections.abc import Iterable
from dataclasses import dataclass

from maillage.projets.importation.mots import forme


@dataclass(frozen=True)
class Ligne:
    """Un paragraphe, ou un élément de liste. `puce` : 0 pour un paragraphe, sinon la profondeur dans la liste."""

    texte: str
    puce: int = 0


@dataclass(frozen=True)
class Cellule:
    lignes: tuple[Ligne, ...] = ()

    @property
    def texte(self) -> str:
        return "\n".join(ligne.texte for ligne in self.lignes)

    @property
    def est_vide(self) -> bool:
        return not self.lignes


@dataclass(frozen=True)
class Bloc:
    """Un paragraphe (une cellule) ou un rang de tableau. C'est l'unité que l'on compte : rien ne s'en perd.

    `ligne` : celle du texte ; dans une page ou un document Word, le rang du bloc. À partir de 1.
    `tableau` : le même nombre pour les rangs d'un même tableau. `niveau` : 1 à 6 si le format dit « titre ».
    `est_une_note` : une note de bas de page, appelée dans le bloc qui précède.
    """

    ligne: int
    cellules: tuple[Cellule, ...]
    tableau: int | None = None
    niveau: int = 0
    est_une_note: bool = False

    @property
    def est_rang(self) -> bool:
        return self.tableau is not None

    @property
    def texte(self) -> str:
        """Le texte sur une ligne ; les cellules d'un rang sont séparées par « | »."""
        return " | ".join(
            " ".join(ligne.texte for ligne in cellule.lignes) for cellule in self.cellules if cellule.lignes
        )

    @property
    def puce(self) -> int:
        return self.cellules[0].lignes[0].puce if self.cellules and self.cellules[0].lignes else 0

    @property
    def forme(self) -> str:
        return forme(self.texte)

    def pleines(self) -> list[tuple[int, Cellule]]:
        """Les cellules qui portent un texte, avec leur colonne."""
        return [(colonne, cellule) for colonne, cellule in enumerate(self.cellules) if cellule.lignes]


def paragraphe(ligne: int, lignes: Iterable[Ligne], niveau: int = 0) -> Bloc:
    return Bloc(ligne, (Cellule(tuple(lignes)),), niveau=niveau)
