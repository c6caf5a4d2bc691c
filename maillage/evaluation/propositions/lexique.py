"""Le lexique de `donnees/lexique.toml`, et comment un mot du texte y est reconnu."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

from maillage.core.recherche.analyse import raciner
from maillage.evaluation.choices import Filtre, Mesure, Ventilation
from maillage.evaluation.propositions.lecture import Mot, lire_mots

FICHIER: Final = Path(__file__).parent.parent / "donnees" / "lexique.toml"
OPERATEURS: Final = frozenset(
    {"compter", "rapport", "diversite", "nature", "evolution", "progres", "frequence", "fait"}
)
"""Concepts qui disent comment compter ce qui les suit : leur sens est dans `regles.py`."""
LONGUEUR_RACINE: Final = 4
_NOM_D_ACTION: Final = re.compile(r"(?:tion|sion|ment|ance|ence|age|ure|ite|isme)s?$")
"""« Implication » a la racine d'« impliqué » sans compter la même chose : ces noms se reconnaissent en entier."""

Mesures = tuple[Mesure, ...]
Filtres = Mapping[Filtre, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Concept:
    nom: str
    mesures: Mesures = ()
    en_qualitatif: bool = False
    abstrait: bool = False

    @property
    def est_operateur(self) -> bool:
        return self.nom in OPERATEURS


@dataclass(frozen=True, slots=True)
class Nom:
    """Un nom du métier. `mesures` : quand ce nom-là ne se compte pas comme son concept."""

    concept: Concept
    mesures: Mesures = ()
    filtres: Filtres = field(default_factory=dict)
    par: tuple[Ventilation, ...] = ()


@dataclass(frozen=True, slots=True)
class Qualificatif:
    """Participe ou adjectif. `garde` : la mesure de base reste ; `avant` : se place avant le nom sans l'être."""

    effets: Mapping[str, Mesures] = field(default_factory=dict)
    filtres: Filtres = field(default_factory=dict)
    par: tuple[Ventilation, ...] = ()
    garde: bool = False
    annonce: bool = False
    apprecie: bool = False
    avant: bool = False


@dataclass(frozen=True, slots=True)
class Ensemble:
    """Un concept et ce qui le complète : la mesure des deux."""

    tetes: frozenset[str]
    complements: frozenset[str]
    mesures: Mesures


Entree = TypeVar("Entree")
INCONNU: Final = Nom(Concept("inconnu"))


class Repertoire(dict[tuple[str, ...], list[Entree]]):
    """Expressions d'un à cinq mots → leurs entrées ; à défaut, un mot par sa racine si elle n'a qu'un sens."""

    def __init__(self) -> None:
        super().__init__()
        self._racines: dict[str, list[Entree]] = defaultdict(list)
        self._longueur = 1

    def ajouter(self, expression: str, entree: Entree) -> None:
        mots = lire_mots(expression)
        self.setdefault(tuple(mot.cle for mot in mots), []).append(entree)
        self._longueur = max(self._longueur, len(mots))
        if len(mots) == 1 and entree not in (voisines := self._racines[raciner(mots[0].plie)]):
            voisines.append(entree)

    def trouver(self, mots: Sequence[Mot], debut: int, *, exact: bool = False) -> tuple[list[Entree], int]:
        """Entrées de la plus longue expression qui commence là, et son nombre de mots (0 : rien)."""
        cles = tuple(mot.cle for mot in mots[debut : debut + self._longueur])
        for longueur in range(len(cles), 0, -1):
            if entrees := self.get(cles[:longueur]):
                return entrees, longueur
        if exact or _NOM_D_ACTION.search(mots[debut].plie):
            return [], 0
        racine = raciner(mots[debut].plie)
        proches = self._racines.get(racine, []) if len(racine) >= LONGUEUR_RACINE else []
        return (proches, 1) if len(proches) == 1 else ([], 0)


@dataclass(frozen=True, slots=True)
class Lexique:
    noms: Repertoire[Nom]
    qualificatifs: Repertoire[Qualificatif]
    ensembles: tuple[Ensemble, ...]


@cache
def lexique() -> Lexique:
    """Lu une fois par processus. Une faute dans le fichier lève `ValueError` ou `KeyError` : un test le lit."""
    brut = tomllib.loads(FICHIER.read_text(encoding="utf-8"))
    concepts = {
        nom: Concept(nom, **{**table, "mesures": _mesures(table)}) for nom, table in brut["concept"].items()
    }
    noms: Repertoire[Nom] = Repertoire()
    for table in brut["nom"]:
        nom = Nom(concepts[table["concept"]], _mesures(table), _filtres(table), _par(table))
        for expression in table["mots"]:
            noms.ajouter(expression, nom)
    qualificatifs: Repertoire[Qualificatif] = Repertoire()
    for table in brut["qualificatif"]:
        marques = {cle: table[cle] for cle in ("garde", "annonce", "apprecie", "avant") if cle in table}
        qualificatif = Qualificatif(
            {nom: tuple(map(Mesure, mesures)) for nom, mesures in table.get("effets", {}).items()},
            _filtres(table),
            _par(table),
            **marques,
        )
        for expression in table["mots"]:
            qualificatifs.ajouter(expression, qualificatif)
    ensembles = (
        Ensemble(frozenset(table["tete"]), frozenset(table["complement"]), _mesures(table))
        for table in brut["ensemble"]
    )
    return Lexique(noms, qualificatifs, tuple(ensembles))


def _mesures(table: Mapping[str, Any]) -> Mesures:
    return tuple(map(Mesure, table.get("mesures", ())))


def _filtres(table: Mapping[str, Any]) -> Filtres:
    return {Filtre(nom): tuple(valeurs) for nom, valeurs in table.get("filtres", {}).items()}


def _par(table: Mapping[str, Any]) -> tuple[Ventilation, ...]:
    return tuple(map(Ventilation, table.get("par", ())))
