"""Un cadre de rapport : ce qu'un financeur demande chaque année, en données. Sans base, sans calcul.

Le format : l'en-tête de `donnees/cadres/caf-1.toml`. Une faute lève `CadreInvalide`, dès le démarrage
(`verification.py`).
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from maillage.activites.choices import Cadre
from maillage.evaluation.choices import Mesure, Perimetre, Ventilation
from maillage.evaluation.definitions import ACCEPTE, Definition, DefinitionInvalide, lire_definition
from maillage.personnes.choices import BandeAge
from maillage.projets.choices import Calendrier

DOSSIER: Final = Path(__file__).parent.parent / "donnees" / "cadres"
LIEU, QUOTIENT = "lieu", "quotient"
TITRES: Final = {
    Ventilation.AGE: "Par âge",
    Ventilation.GENRE: "Par genre",
    Ventilation.QUARTIER: "Par quartier",
    Ventilation.ACTIVITE: "Par activité",
    Ventilation.TYPE_DEMANDE: "Par type de demande",
    Ventilation.ETAT: "Par état",
    LIEU: "Par lieu",
    QUOTIENT: "Par tranche de quotient familial",
}
"""Selon quoi une rubrique se détaille, et le titre de son tableau."""
DES_SEANCES: Final = {
    Mesure.SEANCES,
    Mesure.ACTIVITES,
    Mesure.PRESENCES,
    Mesure.PERSONNES_DIFFERENTES,
    Mesure.FAMILLES,
    Mesure.ASSIDUITE,
    Mesure.SATISFACTION,
}
"""Ce qui se restreint aux séances d'un dispositif."""
ANONYMES: Final = {Mesure.SEANCES, Mesure.ACTIVITES, Mesure.PRESENCES, Mesure.SATISFACTION}
"""Ce qui se compte sans connaître personne."""
DUREES: Final = {Mesure.SEANCES, Mesure.PRESENCES}
HEURES, PAR_SEANCE = "heures", "par_seance"


class CadreInvalide(ValueError):
    """Le fichier ne décrit pas un cadre. Le message, en français, dit où et quoi corriger."""


@dataclass(frozen=True, slots=True)
class Rubrique:
    """Une ligne du rapport. `en` : heures (la durée des séances, ou celle-ci par présence), par_seance (en moyenne).

    Sans définition, `a_dire` nomme ce que le financeur demande et que Maillage ne compte pas.
    """

    cle: str
    titre: str
    aide: str = ""
    definition: Definition | None = None
    en: str = ""
    par: tuple[str, ...] = ()
    croise: tuple[str, ...] = ()
    a_dire: str = ""

    @property
    def comptee(self) -> Definition:
        """Lève `TypeError` pour ce que l'équipe dit elle-même."""
        if self.definition is None:
            raise TypeError(f"« {self.titre} » ne se compte pas.")
        return self.definition

    @property
    def mesure(self) -> Mesure:
        return self.comptee.mesures[0]


@dataclass(frozen=True, slots=True)
class Partie:
    titre: str
    rubriques: tuple[Rubrique, ...]


@dataclass(frozen=True, slots=True)
class CadreDeRapport:
    """Une version d'un cadre. `dispositif` : les seules activités qu'il compte ; vide, tout le centre.

    `tranches` : les âges que ce financeur demande, en suites de nos bandes.
    """

    sigle: str
    version: str
    vaut_depuis: date
    nom: str
    resume: str
    calendrier: Calendrier
    dispositif: str
    est_anonyme: bool
    sources: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    tranches: Mapping[str, tuple[str, ...]]
    parties: tuple[Partie, ...]

    @property
    def rubriques(self) -> Iterator[Rubrique]:
        for partie in self.parties:
            yield from partie.rubriques

    def rubrique(self, cle: str) -> Rubrique | None:
        """Celle qui se compte, de cette clé."""
        return next((une for une in self.rubriques if une.cle == cle and une.definition), None)


@cache
def cadres() -> tuple[CadreDeRapport, ...]:
    """Toutes les versions, la plus ancienne d'abord. Lues une fois par processus."""
    lus = [lire_fichier(chemin) for chemin in sorted(DOSSIER.glob("*.toml"))]
    return tuple(sorted(lus, key=lambda cadre: (cadre.sigle, cadre.vaut_depuis)))


def cadre_du(sigle: str, jour: date, tous: tuple[CadreDeRapport, ...] | None = None) -> CadreDeRapport | None:
    """La version de ce cadre qui vaut ce jour-là : la dernière entrée en usage ; avant la première, aucune."""
    connus = cadres() if tous is None else tous
    valables = [une for une in connus if une.sigle == sigle and une.vaut_depuis <= jour]
    return valables[-1] if valables else None


def derniers_cadres() -> list[CadreDeRapport]:
    """La dernière version de chacun."""
    return list({cadre.sigle: cadre for cadre in cadres()}.values())


# --- Lire un fichier --------------------------------------------------------------------------------
def lire_fichier(chemin: Path) -> CadreDeRapport:
    """Lève `CadreInvalide`."""
    try:
        cadre = lire_cadre(tomllib.loads(chemin.read_text(encoding="utf-8")))
    except (CadreInvalide, tomllib.TOMLDecodeError) as faute:
        raise CadreInvalide(f"{chemin.name} : {faute}") from faute
    if chemin.stem != f"{cadre.sigle}-{cadre.version}":
        raise CadreInvalide(f"{chemin.name} : le fichier se nomme d’après son sigle et sa version.")
    return cadre


def lire_cadre(table: dict[str, Any]) -> CadreDeRapport:
    """Lève `CadreInvalide`."""
    try:
        cadre = CadreDeRapport(
            **table
            | {
                "calendrier": Calendrier(table["calendrier"]),
                "sources": tuple((une["titre"], une["adresse"]) for une in table["sources"]),
                "notes": tuple(table["notes"]),
                "tranches": {mot: tuple(bandes) for mot, bandes in table["tranches"].items()},
                "parties": tuple(_lire_partie(une, table["calendrier"]) for une in table["parties"]),
            }
        )
    except (KeyError, TypeError, ValueError, DefinitionInvalide) as faute:
        raise CadreInvalide(str(faute)) from faute
    for message in _fautes(cadre):
        raise CadreInvalide(message)
    return cadre


def _lire_partie(table: dict[str, Any], calendrier: str) -> Partie:
    return Partie(table["titre"], tuple(_lire_rubrique(dict(une), calendrier) for une in table["rubriques"]))


def _lire_rubrique(table: dict[str, Any], calendrier: str) -> Rubrique:
    definition = None
    if mesure := table.pop("mesure", ""):
        brute = {"mesures": [mesure], "perimetre": Perimetre.CENTRE.value}
        if filtres := table.pop("filtres", {}):
            brute["filtres"] = filtres
        definition = lire_definition(brute, calendrier)
    par, croise = tuple(table.pop("par", ())), tuple(table.pop("croise", ()))
    return Rubrique(**table, definition=definition, par=par, croise=croise)


def _fautes(cadre: CadreDeRapport) -> Iterator[str]:
    if not cadre.sources:
        yield "Dites d’où vient ce cadre."
    if cadre.calendrier == Calendrier.PROJET:
        yield "Un cadre suit l’année civile ou scolaire."
    if cadre.dispositif and cadre.dispositif not in {*Cadre.values} - {Cadre.AUCUN.value}:
        yield f"Dispositif inconnu : « {cadre.dispositif} »."
    if cadre.est_anonyme != (cadre.dispositif == Cadre.LAEP):
        yield "Un cadre est anonyme quand son dispositif est un LAEP, et alors seulement."
    bandes = [bande for suite in cadre.tranches.values() for bande in suite]
    if sorted(bandes) != sorted(BandeAge.values):
        yield "Chaque bande d’âge est dans une tranche, et dans une seule."
    cles = [une.cle for une in cadre.rubriques]
    if len({*cles}) < len(cles):
        yield "Deux rubriques ont la même clé."
    for une in cadre.rubriques:
        yield from (f"« {une.titre} » : {faute}" for faute in _fautes_d_une_rubrique(une, cadre))


def _fautes_d_une_rubrique(une: Rubrique, cadre: CadreDeRapport) -> Iterator[str]:
    if (une.definition is None) == (not une.a_dire):
        yield "une mesure, ou ce que l’équipe dit elle-même : l’un des deux."
    if une.definition is None:
        return
    if cadre.dispositif and une.mesure not in DES_SEANCES:
        yield f"« {une.mesure.label} » ne se restreint pas à un dispositif."
    if cadre.est_anonyme and (une.mesure not in ANONYMES or {Ventilation.QUARTIER, QUOTIENT} & {*une.par}):
        yield "dans un lieu anonyme, on ne compte ni personnes, ni quartiers."
    if une.en not in {"", HEURES, PAR_SEANCE} or (une.en == HEURES and une.mesure not in DUREES):
        yield f"« {une.en} » ne se compte pas pour {une.mesure.label}."
    permis = {*ACCEPTE[une.mesure].par, LIEU} | (
        {QUOTIENT} if Ventilation.GENRE in ACCEPTE[une.mesure].par else set()
    )
    for axe in une.par + une.croise:
        if axe not in permis or axe not in TITRES:
            yield f"le détail « {axe} » n’a pas de sens."
    if une.croise and (len(une.croise) != 2 or une.en):
        yield "un tableau croisé a deux entrées, et compte des gens ou des présences."
