"""Une définition, une fiche, une période : ce que chaque mesure vaut, ce qui la couvre et son détail."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from maillage.core.francais import insecables, nombre
from maillage.evaluation.calcul.centre import Centre
from maillage.evaluation.calcul.mesures import Decompte, compter
from maillage.evaluation.calcul.portee import Portee
from maillage.evaluation.calcul.sources import MOIS_LU, SITE, arrondir
from maillage.evaluation.choices import Mesure, Ventilation
from maillage.evaluation.definitions import ACCEPTE, Definition
from maillage.projets.models import FicheAction
from maillage.projets.periodes import Periode, periode

EN_POUR_CENT: Final = {Mesure.ASSIDUITE, Mesure.SATISFACTION, Mesure.EVOLUTION}


@dataclass(frozen=True)
class MesureCalculee:
    definition: Definition
    mesure: Mesure
    decompte: Decompte
    axes: tuple[str, ...]
    """Selon quoi elle se détaille : le mois, le lieu, et ce que la définition demande."""

    @property
    def dite(self) -> str:
        """« 42 », « 87,5 % », ou rien."""
        if self.decompte.valeur is None:
            return ""
        pour_cent = " %" if self.mesure in EN_POUR_CENT else ""
        return insecables(f"{nombre(self.decompte.valeur)}{pour_cent}")

    @cached_property
    def detail(self) -> dict[str, dict[str, Decimal]]:
        lus = {axe: self.decompte.detail(axe) for axe in self.axes}
        return {axe: detail for axe, detail in lus.items() if detail}

    def en_json(self) -> dict[str, Any]:
        """Des textes : un nombre exact survit au JSON."""
        return {
            "mesure": self.mesure.value,
            "definition": self.definition.en_json(),
            "valeur": None if self.decompte.valeur is None else str(self.decompte.valeur),
            "gens": self.decompte.gens,
            "couverture": self.decompte.couverture or self.decompte.manque,
            "par": {
                axe: [[mot, str(compte)] for mot, compte in detail.items()]
                for axe, detail in self.detail.items()
            },
        }


def calculer(
    definition: Definition, fiche: FicheAction, quand: Periode, centre: Centre | None = None
) -> tuple[MesureCalculee, ...]:
    """Une par mesure ; la première est la valeur de l'indicateur, les autres se lisent à côté."""
    centre = centre or Centre(fiche.projet.structure)
    return tuple(_calculer(definition, mesure, fiche, quand, centre) for mesure in definition.mesures)


def _calculer(
    definition: Definition, mesure: Mesure, fiche: FicheAction, quand: Periode, centre: Centre
) -> MesureCalculee:
    axes: tuple[str, ...] = (MOIS_LU, SITE, *(v for v in definition.par if v in ACCEPTE[mesure].par))
    if mesure is Mesure.DEMANDES_PAR_TYPE:
        axes = (*axes, Ventilation.TYPE_DEMANDE)
    axes = tuple(dict.fromkeys("mois" if axe == Ventilation.MOIS else str(axe) for axe in axes))
    if mesure is Mesure.EVOLUTION:
        return MesureCalculee(definition, mesure, _evolution(definition, fiche, quand, centre), ())
    decompte = compter(Portee(centre, definition, mesure, fiche, quand))
    return MesureCalculee(definition, mesure, decompte, axes)


def _evolution(definition: Definition, fiche: FicheAction, quand: Periode, centre: Centre) -> Decompte:
    """D'une période à l'autre, de la première mesure suivie, en pour cent."""
    suivie = definition.base[0]
    avant_elle = periode(definition.calendrier, quand.annee - 1, fiche.projet)
    ici = compter(Portee(centre, definition, suivie, fiche, quand))
    avant = compter(Portee(centre, definition, suivie, fiche, avant_elle))
    if ici.valeur is None:
        return ici
    if not avant.valeur:
        return Decompte(manque=f"Rien à comparer : aucune valeur pour {avant_elle}.", sources=ici.sources)
    dite = f"{nombre(ici.valeur)} pour {quand}, {nombre(avant.valeur)} pour {avant_elle}."
    valeur = arrondir(100 * (ici.valeur - avant.valeur) / avant.valeur)
    couverture = " ".join(filter(None, [dite, ici.couverture]))
    # La plus petite des deux : un pour cent la rendrait à qui connaît l'autre.
    gens = [des_deux.gens for des_deux in (ici, avant) if des_deux.gens]
    return Decompte(valeur, couverture, sources=ici.sources, gens=min(gens, default=ici.gens))
