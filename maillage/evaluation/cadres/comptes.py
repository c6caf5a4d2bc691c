"""Compter une rubrique, une année : sa valeur, ses lignes, son détail, et combien de gens chaque nombre recouvre."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property, partial
from typing import Any, Final

from django.db.models import Case, CharField, Count, Model, Q, Sum, Value, When
from django.db.models.functions import Coalesce

from maillage.accueil.models import Demande, Passage
from maillage.activites.models import Activite, HeuresDeBenevolat, Presence, Satisfaction, VenueSansNom
from maillage.evaluation.cadres.croisement import Case as CaseCroisee
from maillage.evaluation.cadres.croisement import croiser
from maillage.evaluation.cadres.definitions import (
    HEURES,
    LIEU,
    PAR_SEANCE,
    QUOTIENT,
    CadreDeRapport,
    Rubrique,
)
from maillage.evaluation.calcul import Centre, Decompte, Periode
from maillage.evaluation.calcul.heures import en_heures
from maillage.evaluation.calcul.mesures import PAR_LIGNE, PERSONNES, compter
from maillage.evaluation.calcul.portee import Portee
from maillage.evaluation.calcul.sources import SITE, Axe, Source, additionner, arrondir
from maillage.evaluation.choices import Mesure, Perimetre, Ventilation
from maillage.evaluation.definitions import Definition
from maillage.personnes.choices import DEBUT_DE_BANDE, TrancheQuotient
from maillage.personnes.models import Personne
from maillage.territoire.models import Structure

SANS_NOM: Final = "sans nom"
EN_GENS: Final = {
    Mesure.PERSONNES_DIFFERENTES,
    Mesure.FAMILLES,
    Mesure.BENEVOLES,
    Mesure.PASSAGES,
}
"""Le nombre est lui-même un nombre de gens. Des présences et des heures, non : une personne en fait plusieurs."""


def _gens_des_heures(filter: Q | None = None) -> Any:
    """Les bénévoles connus, et chaque personne des lignes sans nom."""
    sans_nom = Q(benevole=None) if filter is None else filter & Q(benevole=None)
    return Count("benevole", distinct=True, filter=filter) + Coalesce(Sum("nombre", filter=sans_nom), 0)


GENS: Final[Mapping[type[Model], Any]] = {
    Presence: PERSONNES,
    VenueSansNom: partial(Sum, "nombre"),
    Passage: PAR_LIGNE,
    Demande: partial(Count, "passage", distinct=True),
    Personne: PAR_LIGNE,
    HeuresDeBenevolat: _gens_des_heures,
    Satisfaction: PAR_LIGNE,
}
"""Combien de gens font ces lignes, au mieux de ce qu'on en sait : une venue sans nom est quelqu'un."""


class CentreDuCadre(Centre):
    """Un centre vu par un cadre : de ses seules activités du dispositif, s'il en a un."""

    def __init__(self, cadre: CadreDeRapport, structure: Structure) -> None:
        super().__init__(structure)
        self._dispositif = cadre.dispositif
        self.annees_notees: dict[int, bool] = {}

    @cached_property
    def activites(self) -> list[Activite]:
        siennes = Activite.objects.filter(structure=self.structure)
        if self._dispositif:
            siennes = siennes.filter(cadre=self._dispositif)
        return list(siennes.order_by("pk"))


class PorteeDuCadre(Portee):
    """Toutes les rubriques d'une année ont les mêmes bornes : ce qui les borne se lit une fois."""

    centre: CentreDuCadre

    @property
    def a_des_seances(self) -> bool:
        notees = self.centre.annees_notees
        if self.periode.annee not in notees:
            notees[self.periode.annee] = super().a_des_seances
        return notees[self.periode.annee]


@dataclass(frozen=True)
class Compte:
    """`seances` : ce qui divise une moyenne par séance."""

    rubrique: Rubrique
    decompte: Decompte
    seances: Decompte | None = None

    @property
    def valeur(self) -> Decimal | None:
        if self.seances is None or self.decompte.valeur is None:
            return self.decompte.valeur
        return arrondir(self.decompte.valeur / self.seances.valeur) if self.seances.valeur else None

    def detail(self, axe: str) -> dict[str, Decimal]:
        detail = _avec_les_sans_nom(self.decompte, axe)
        if self.seances is None:
            return detail
        diviseurs = self.seances.detail(_cle(axe))
        return {mot: arrondir(n / diviseurs[mot]) for mot, n in detail.items() if diviseurs.get(mot)}

    def croisement(self) -> dict[CaseCroisee, int]:
        return _croiser(self.decompte, self.rubrique.croise)

    # --- Combien de gens derrière -------------------------------------------------------------------
    @cached_property
    def _en_gens(self) -> Decompte | None:
        """None quand ces lignes ne sont à personne : des séances, des activités, des initiatives."""
        sources = self.decompte.sources
        if self.rubrique.mesure in EN_GENS:
            return self.decompte
        if not sources or any(source.lignes.model not in GENS for source in sources):
            return None
        comptees = tuple(replace(source, nombre=GENS[source.lignes.model]) for source in sources)
        total = sum((source.total for source in comptees), Decimal(0))
        return replace(self.decompte, valeur=total, sources=comptees)

    @property
    def gens(self) -> int | None:
        if self.rubrique.mesure is Mesure.HEURES_BENEVOLAT:
            return self.decompte.gens
        return None if self._en_gens is None else int(self._en_gens.valeur or 0)

    def gens_par(self, axe: str) -> dict[str, int] | None:
        """Qui a des heures notées est souvent venu aussi : ses deux sources ne s'additionnent pas."""
        if self._en_gens is None:
            return None
        if self.rubrique.mesure is Mesure.HEURES_BENEVOLAT:
            parts = [source.detail(_cle(axe)) for source in self._en_gens.sources]
            return {mot: int(max(part.get(mot, 0) for part in parts)) for mot in set().union(*parts)}
        return {mot: int(n) for mot, n in _avec_les_sans_nom(self._en_gens, axe).items()}

    def gens_croises(self) -> dict[CaseCroisee, int]:
        return _croiser(self._en_gens, self.rubrique.croise) if self._en_gens else {}


def compter_une_rubrique(
    rubrique: Rubrique, cadre: CadreDeRapport, centre: CentreDuCadre, periode: Periode
) -> Compte:
    """Lève `TypeError` pour une rubrique qui ne se compte pas."""
    decompte = compter(PorteeDuCadre(centre, rubrique.comptee, rubrique.mesure, None, periode))
    if rubrique.en == HEURES:
        decompte = en_heures(decompte)
    decompte = replace(decompte, sources=tuple(_aux_axes_de(source, cadre) for source in decompte.sources))
    if rubrique.en != PAR_SEANCE:
        return Compte(rubrique, decompte)
    des_seances = Definition((Mesure.SEANCES,), perimetre=Perimetre.CENTRE)
    return Compte(
        rubrique, decompte, compter(PorteeDuCadre(centre, des_seances, Mesure.SEANCES, None, periode))
    )


def _aux_axes_de(source: Source, cadre: CadreDeRapport) -> Source:
    """Les âges que demande ce cadre, à la place de nos bandes ; et la tranche de quotient d'une personne venue."""
    axes = dict(source.axes)
    if Ventilation.AGE in axes:
        axes[Ventilation.AGE] = _par_tranche(source.lignes.model, cadre.tranches)
    if source.lignes.model is Presence:
        axes[QUOTIENT] = Axe("personne__quotient", lambda tranche: str(TrancheQuotient(tranche).label))
    return replace(source, axes=axes)


def _par_tranche(modele: type[Model], tranches: Mapping[str, tuple[str, ...]]) -> Axe:
    mots = {bande: mot for mot, bandes in tranches.items() for bande in bandes}
    if modele is Presence:
        des_ages = sorted(DEBUT_DE_BANDE.items(), key=lambda paire: -paire[1])
        quand = [When(age__gte=debut, then=Value(mots[bande])) for bande, debut in des_ages]
    else:
        quand = [When(bande=bande, then=Value(mot)) for bande, mot in mots.items()]
    return Axe(Case(*quand, default=Value(""), output_field=CharField()))


def _cle(axe: str) -> str:
    return SITE if axe == LIEU else axe


def _avec_les_sans_nom(decompte: Decompte, axe: str) -> dict[str, Decimal]:
    """Le détail ; les venues sans nom, qui n'ont ni quartier ni quotient, y ont leur ligne."""
    detail = additionner([source.detail(_cle(axe)) for source in decompte.sources])
    sans = [s.total for s in decompte.sources if s.lignes.model is VenueSansNom and _cle(axe) not in s.axes]
    if detail and sum(sans):
        detail[SANS_NOM] = arrondir(sum(sans, Decimal(0)))
    return detail


def _croiser(decompte: Decompte, axes: tuple[str, ...]) -> dict[CaseCroisee, int]:
    cases: dict[CaseCroisee, int] = {}
    for source in decompte.sources:
        for case, n in croiser(source, *map(_cle, axes)).items():
            cases[case] = cases.get(case, 0) + n
    return cases
