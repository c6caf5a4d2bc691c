"""Les petits nombres : un groupe trop petit ne se lit pas, ni ne se retrouve par soustraction.

Seuils : `PETITS_NOMBRES_DEHORS` pour qui n'est pas de la structure. Sans base.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from maillage.core.petits_nombres import masquer
from maillage.evaluation.calcul.centre import TERRITOIRE, cle
from maillage.evaluation.calcul.portee.bornes import DU_COMPTOIR, bandes_de
from maillage.evaluation.choices import Filtre, Mesure, Perimetre
from maillage.evaluation.definitions import Definition
from maillage.projets.choices import CACHE

__all__ = ["CELLULES_DE_GENS", "DE_GENS", "Comptee", "au_dehors", "masquer"]

DE_GENS: Final = frozenset(
    {
        Mesure.PERSONNES_DIFFERENTES,
        Mesure.NOUVELLES_PERSONNES,
        Mesure.FAMILLES,
        Mesure.PRESENCES,
        Mesure.REPARTITION,
        Mesure.BENEVOLES,
        Mesure.PASSAGES,
        Mesure.DEMANDES_PAR_TYPE,
    }
)
"""Ce qui se compte en gens, ou en leurs venues : une part s'y retranche d'un tout."""
CELLULES_DE_GENS: Final = DE_GENS - {Mesure.PRESENCES, Mesure.DEMANDES_PAR_TYPE}
"""Ce dont chaque cellule d'un détail compte des gens : dix présences d'un mois peuvent être d'une seule personne."""

DES_FICHES: Final = frozenset({Mesure.PRESENCES, Mesure.PASSAGES, Mesure.DEMANDES_PAR_TYPE})
"""Ce qui s'additionne d'une fiche à l'autre : des gens différents, non, on vient souvent à deux actions."""


# --- D'un indicateur à l'autre -------------------------------------------------------------------------
@dataclass(frozen=True, eq=False)
class Comptee:
    """Une mesure d'un indicateur, une année. `du` : son premier jour, quel que soit le nom de cette année. `gens` :
    combien de gens, ou de venues, elle porte ; None, aucun."""

    indicateur: int
    rang: int
    fiche: int
    annee: int
    du: date
    definition: Definition
    mesure: Mesure
    valeur: Decimal
    gens: int | None

    @property
    def groupe(self) -> tuple[date, Mesure]:
        """Ce qui se soustrait l'un de l'autre : les nouvelles personnes sont des personnes."""
        personnes = {Mesure.REPARTITION, Mesure.NOUVELLES_PERSONNES}
        mesure = Mesure.PERSONNES_DIFFERENTES if self.mesure in personnes else self.mesure
        return self.du, mesure

    def valeurs(self, filtre: Filtre) -> frozenset[str]:
        """Les mots d'un filtre, dits d'une seule façon ; vide, il ne restreint rien."""
        mots = self.definition.valeurs(filtre, self.mesure)
        if filtre is Filtre.AGE:
            return frozenset(bandes_de(mots))
        return frozenset(cle(mot) for mot in mots)

    @cached_property
    def filtres(self) -> dict[Filtre, frozenset[str]]:
        ignores = {Filtre.AUTRE} | (set() if self.mesure in DU_COMPTOIR else {Filtre.TYPE_DEMANDE})
        lus = {filtre: self.valeurs(filtre) for filtre in self.definition.filtres if filtre not in ignores}
        return {filtre: mots for filtre, mots in lus.items() if mots}


def au_dehors(comptees: Iterable[Comptee], seuil: int) -> dict[tuple[int, int, int], dict[str, Any]]:
    """(indicateur, année, rang) → ce qu'en lit qui n'est pas du centre : `mot` à la place du nombre, ou le nombre
    quand il est vide ; `detail`, si ses parts se lisent aussi.

    Aucun nombre visible retranché d'un autre, ni plusieurs parts retranchées de leur tout, ne rend moins de `seuil`.
    """
    toutes = list(comptees)
    cachees = {une for une in toutes if une.gens is not None and 0 < une.gens < seuil}
    voisines: set[Comptee] = set()
    groupes: dict[tuple[date, Mesure], list[Comptee]] = defaultdict(list)
    for une in toutes:
        if une.mesure in DE_GENS:
            groupes[une.groupe].append(une)
    for groupe in groupes.values():
        parts = [
            (part, tout) for part in groupe for tout in groupe if part is not tout and _est_part(part, tout)
        ]
        voisines |= {une for paire in parts for une in paire if paire[0].valeur != paire[1].valeur}
        _proteger(parts, cachees, seuil)
    # Une part cachée pour en protéger une autre se lirait à peu près dans les autres mesures de sa phrase : souvent,
    # autant de présences que de personnes.
    touchees = {(une.indicateur, une.annee) for une in cachees if une.gens and une.gens >= seuil}
    cachees |= {une for une in toutes if une.gens and (une.indicateur, une.annee) in touchees}
    return {
        (une.indicateur, une.annee, une.rang): {
            "mot": _mot(une, seuil) if une in cachees else "",
            "detail": une.gens is None or (une.mesure in CELLULES_DE_GENS and une not in cachees | voisines),
        }
        for une in toutes
    }


def _mot(une: Comptee, seuil: int) -> str:
    return f"moins de {seuil}" if une.mesure in DE_GENS and une.valeur < seuil else CACHE


def _est_part(part: Comptee, tout: Comptee) -> bool:
    """Ce que compte `part` est compté dans `tout` : mêmes lignes, plus de conditions."""
    if part.mesure is Mesure.PERSONNES_DIFFERENTES and tout.mesure is Mesure.NOUVELLES_PERSONNES:
        return False
    if tout.definition.perimetre != Perimetre.CENTRE and (
        part.definition.perimetre == Perimetre.CENTRE or part.fiche != tout.fiche
    ):
        return False
    if part.definition.au_moins < tout.definition.au_moins:
        return False
    siens = part.filtres
    return all(
        siens.get(filtre) and (siens[filtre] <= mots or cle(TERRITOIRE) in mots)
        for filtre, mots in tout.filtres.items()
    )


def _proteger(parts: Sequence[tuple[Comptee, Comptee]], cachees: set[Comptee], seuil: int) -> None:
    """Cache, une à une, la plus petite part dont la soustraction rendrait trop peu de gens, tant qu'il y en a."""
    par_tout: dict[Comptee, list[Comptee]] = defaultdict(list)
    for part, tout in parts:
        par_tout[tout].append(part)
    while True:
        trouvees = {
            min(retranchees, key=lambda une: (une.valeur, une.indicateur))
            for tout, siennes in par_tout.items()
            if tout not in cachees
            for retranchees in _soustractions([une for une in siennes if une not in cachees])
            if 0 < tout.valeur - sum(une.valeur for une in retranchees) < seuil
        }
        if not trouvees:
            return
        cachees |= trouvees


def _soustractions(parts: list[Comptee]) -> Iterator[list[Comptee]]:
    """Chaque part seule, et les parts qui ne diffèrent que par un filtre, sans se recouvrir, ou que par leur fiche."""
    for part in parts:
        yield [part]
    des_fiches: dict[Any, dict[int, Comptee]] = defaultdict(dict)
    for part in sorted(parts, key=lambda une: (une.valeur, -une.indicateur)):
        if part.mesure in DES_FICHES and part.definition.perimetre != Perimetre.CENTRE:
            des_fiches[part.mesure, frozenset(part.filtres.items())][part.fiche] = part
    yield from (list(siennes.values()) for siennes in des_fiches.values() if len(siennes) > 1)
    for filtre in Filtre:
        freres: dict[Any, list[Comptee]] = defaultdict(list)
        for part in parts:
            if filtre in part.filtres:
                reste = frozenset((nom, mots) for nom, mots in part.filtres.items() if nom != filtre)
                definition = part.definition
                freres[reste, part.mesure, definition.au_moins, definition.perimetre, part.fiche].append(part)
        for siens in freres.values():
            pris: set[str] = set()
            disjoints = []
            for frere in sorted(siens, key=lambda une: (-une.valeur, une.indicateur)):
                if not pris & frere.filtres[filtre]:
                    pris |= frere.filtres[filtre]
                    disjoints.append(frere)
            if len(disjoints) > 1:
                yield disjoints
