"""Les modèles d'indicateurs de `donnees/bibliotheque.toml`, et comment on en trouve un."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from maillage.core.recherche.analyse import analyser
from maillage.evaluation.choices import Mesure
from maillage.evaluation.definitions import Definition, lire_definition
from maillage.evaluation.phrases import dire
from maillage.projets.choices import Calendrier, GenreProjetSpecifique, ListeIndicateur

FICHIER: Final = Path(__file__).parent / "donnees" / "bibliotheque.toml"


@dataclass(frozen=True, slots=True)
class Modele:
    """Un indicateur tout fait. Sans `definition`, un jugement : `methode` dit comment le porter."""

    cle: int
    libelle: str
    theme: str
    unite: str
    conseil: str
    projets: tuple[GenreProjetSpecifique, ...]
    definition: Definition | None
    methode: str

    @property
    def liste(self) -> ListeIndicateur:
        compte = self.definition and self.definition.mesures != (Mesure.SATISFACTION,)
        return ListeIndicateur.QUANTITATIVE if compte else ListeIndicateur.QUALITATIVE

    @property
    def phrase(self) -> str:
        return dire(self.definition) if self.definition else self.methode

    @property
    def origines(self) -> list[str]:
        """D'où vient chaque nombre dans Maillage."""
        return [origines()[mesure] for mesure in self.definition.comptees] if self.definition else []


@cache
def _brut() -> dict[str, Any]:
    return tomllib.loads(FICHIER.read_text(encoding="utf-8"))


@cache
def themes() -> dict[str, str]:
    """Clé → libellé, dans l'ordre de la page."""
    return dict(_brut()["theme"])


@cache
def origines() -> dict[Mesure, str]:
    return {Mesure(mesure): origine for mesure, origine in _brut()["origine"].items()}


@cache
def modeles() -> tuple[Modele, ...]:
    """Lus une fois par processus. Une faute dans le fichier lève une erreur : un test le lit."""
    return tuple(_modele(cle, table) for cle, table in enumerate(_brut()["indicateur"], start=1))


def _modele(cle: int, table: dict[str, Any]) -> Modele:
    definition = table.get("definition")
    return Modele(
        cle,
        table["libelle"],
        table["theme"],
        table["unite"],
        table["conseil"],
        tuple(map(GenreProjetSpecifique, table["projets"])),
        lire_definition(definition, table.get("calendrier", Calendrier.CIVILE)) if definition else None,
        table.get("methode", ""),
    )


def chercher(texte: str = "", theme: str = "", *, comptes_seulement: bool = False) -> list[Modele]:
    """Les modèles qui ont tous les mots cherchés, à leur racine près, dans l'ordre de la bibliothèque."""
    voulus = {*analyser(texte)}
    return [
        modele
        for modele in modeles()
        if (not theme or modele.theme == theme)
        and (modele.definition or not comptes_seulement)
        and voulus <= _termes(modele.cle)
    ]


@cache
def _termes(cle: int) -> frozenset[str]:
    modele = modeles()[cle - 1]
    return frozenset(analyser(f"{modele.libelle} {themes()[modele.theme]} {modele.phrase}"))
