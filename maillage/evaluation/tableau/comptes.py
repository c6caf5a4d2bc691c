"""Compter l'année d'un centre, cellule par cellule : les règles sont celles des indicateurs. Ne fait que lire."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db.models import F, Model, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, ExtractMonth

from maillage.accueil.models import Passage
from maillage.activites.choices import EtatSeance
from maillage.activites.models import (
    HeuresDeBenevolat,
    Initiative,
    Presence,
    Seance,
    SuiviDInitiative,
    VenueSansNom,
)
from maillage.core.base_de_donnees import morceau_local
from maillage.evaluation.calcul import Centre, Decompte, MesureCalculee, Periode
from maillage.evaluation.calcul.heures import en_heures
from maillage.evaluation.calcul.mesures import compter
from maillage.evaluation.calcul.portee import Portee
from maillage.evaluation.calcul.sources import Source, arrondir, en_nombre
from maillage.evaluation.choices import Decoupe, Grandeur, Perimetre
from maillage.evaluation.definitions import Definition
from maillage.evaluation.models import Cellule
from maillage.territoire.models import Structure

NE_S_ADDITIONNENT_PAS: Final = {Grandeur.PERSONNES_DIFFERENTES}
"""D'un mois à l'autre, ce sont souvent les mêmes : chaque part se compte pour elle-même."""
MORCEAUX: Final = {Decoupe.MOIS: "mois", Decoupe.JOUR: "jour_de_semaine", Decoupe.HEURE: "heure"}


@dataclass(frozen=True)
class _Chemins:
    """D'une ligne vers l'instant et le lieu qui la rangent."""

    quand: str
    lieu: str | Combinable


_D_UNE_VENUE: Final = _Chemins("seance__debut", Coalesce("seance__site", "seance__activite__site"))
CHEMINS: Final[dict[type[Model], _Chemins]] = {
    Passage: _Chemins("le", "site"),
    Seance: _Chemins("debut", Coalesce("site", "activite__site")),
    Presence: _D_UNE_VENUE,
    VenueSansNom: _D_UNE_VENUE,
    HeuresDeBenevolat: _Chemins("jour", Coalesce("seance__site", "seance__activite__site", "activite__site")),
}
"""Un bénévole, une initiative ne sont ni d'un mois, ni d'un lieu : ils se comptent à l'année."""


@dataclass(frozen=True)
class Resultat:
    cellules: list[Cellule]
    couvertures: dict[str, str]


def mois_de(structure: Structure, annee: int, mois: int | None = None) -> Periode:
    """L'année civile d'un centre, ou un de ses mois."""
    du = date(annee, mois or 1, 1)
    fin = date(annee + 1, 1, 1) if mois in (None, 12) else date(annee, mois + 1, 1)
    return Periode(annee, du, fin - timedelta(days=1), structure.fuseau)


def decompter(centre: Centre, grandeur: Grandeur, periode: Periode) -> Decompte:
    """Sur tout le centre, sans aucune fiche : un centre compte aussi sans projet social."""
    portee = Portee(centre, _definition(grandeur), grandeur.mesure, None, periode)
    decompte = compter(portee)
    if grandeur is not Grandeur.HEURES_D_ACTIVITE or decompte.valeur is None:
        return decompte
    return replace(en_heures(decompte), couverture="La durée des séances tenues.")


def _definition(grandeur: Grandeur) -> Definition:
    return Definition((grandeur.mesure,), perimetre=Perimetre.CENTRE)


def compter_l_annee(centre: Centre, annee: int, grandeurs: Iterable[Grandeur]) -> Resultat:
    cellules: list[Cellule] = []
    couvertures: dict[str, str] = {}
    periode = mois_de(centre.structure, annee)
    for grandeur in grandeurs:
        decompte = decompter(centre, grandeur, periode)
        couvertures[grandeur.value] = decompte.couverture or decompte.manque
        valeurs: dict[tuple[int | None, Decoupe, int], Decimal] = {}
        for cle, nombre in _cellules(grandeur, decompte, periode):
            valeurs[cle] = valeurs.get(cle, Decimal(0)) + nombre
        cellules += [
            Cellule(grandeur=grandeur, site_id=site, decoupe=decoupe, part=part, valeur=arrondir(valeur))
            for (site, decoupe, part), valeur in valeurs.items()
            if valeur
        ]
    return Resultat(cellules, couvertures)


def _cellules(
    grandeur: Grandeur, decompte: Decompte, periode: Periode
) -> Iterator[tuple[tuple[int | None, Decoupe, int], Decimal]]:
    """Une valeur par lieu et par part, à additionner de source en source."""
    yield (None, Decoupe.ENSEMBLE, 0), decompte.valeur or Decimal(0)
    decoupes = [Decoupe.MOIS]
    if grandeur is Grandeur.PASSAGES:
        decoupes += [Decoupe.JOUR, Decoupe.HEURE]
    for source in decompte.sources:
        chemins = CHEMINS.get(source.lignes.model)
        if chemins is None:
            continue
        for decoupe in decoupes:
            part = _part(decoupe, chemins.quand, source.lignes.model, periode)
            if grandeur in NE_S_ADDITIONNENT_PAS:
                yield from _une_fois_chacun(source, chemins, decoupe, part)
            else:
                yield from _additionnees(source, chemins, decoupe, part)


def _additionnees(
    source: Source, chemins: _Chemins, decoupe: Decoupe, part: Combinable
) -> Iterator[tuple[tuple[int | None, Decoupe, int], Decimal]]:
    for site, rang, compte in _groupes(source, chemins.lieu, part):
        nombre = en_nombre(compte)
        yield (None, decoupe, rang), nombre
        if site is not None:
            yield (site, decoupe, rang), nombre
            if decoupe is Decoupe.MOIS:
                yield (site, Decoupe.ENSEMBLE, 0), nombre


def _une_fois_chacun(
    source: Source, chemins: _Chemins, decoupe: Decoupe, part: Combinable
) -> Iterator[tuple[tuple[int | None, Decoupe, int], Decimal]]:
    for rang, compte in _groupes(source, part):
        yield (None, decoupe, rang), en_nombre(compte)
    for site, compte in _groupes(source, chemins.lieu):
        if site is not None:
            yield (site, Decoupe.ENSEMBLE, 0), en_nombre(compte)
    for site, rang, compte in _groupes(source, chemins.lieu, part):
        if site is not None:
            yield (site, decoupe, rang), en_nombre(compte)


def _groupes(source: Source, *par: str | Combinable) -> Iterable[tuple[Any, ...]]:
    groupes = {f"groupe_{rang}": _expression(un) for rang, un in enumerate(par)}
    lues = source.lignes.order_by().values(**groupes).annotate(compte=source.nombre())
    return lues.values_list(*groupes, "compte")


def _part(decoupe: Decoupe, quand: str, modele: type[Model], periode: Periode) -> Combinable:
    if modele is HeuresDeBenevolat:  # un jour, sans heure
        return ExtractMonth(quand)
    return morceau_local(MORCEAUX[decoupe], quand, periode.fuseau, periode.debut, periode.fin)


# --- Les lignes derrière une cellule ----------------------------------------------------------------
def lignes_de(
    centre: Centre, grandeur: Grandeur, annee: int, mois: int | None = None, site: int | None = None
) -> MesureCalculee:
    """Ce que compte cette cellule, avec ses lignes."""
    decompte = decompter(centre, grandeur, mois_de(centre.structure, annee, mois))
    if site is not None:
        sources = tuple(
            replace(source, lignes=_du_lieu(source.lignes, site))
            for source in decompte.sources
            if source.lignes.model in CHEMINS
        )
        decompte = replace(decompte, sources=sources)
    return MesureCalculee(_definition(grandeur), grandeur.mesure, decompte, ())


def _du_lieu(lignes: QuerySet[Any], site: int) -> QuerySet[Any]:
    return lignes.alias(lieu_retenu=_expression(CHEMINS[lignes.model].lieu)).filter(lieu_retenu=site)


def _expression(lieu: str | Combinable) -> Combinable:
    return F(lieu) if isinstance(lieu, str) else lieu


# --- Les années d'un centre -------------------------------------------------------------------------
def annees_de(structure: Structure) -> list[int]:
    """De la première année où quelque chose est noté à la dernière."""
    fuseau = structure.fuseau
    seances = Seance.objects.filter(activite__structure=structure, etat=EtatSeance.TENUE).order_by("debut")
    passages = Passage.objects.filter(structure=structure).order_by("le")
    instants = [*_bouts(passages, "le"), *_bouts(seances, "debut")]
    jours = [
        *_bouts(HeuresDeBenevolat.objects.filter(structure=structure).order_by("jour"), "jour"),
        *_bouts(Initiative.objects.filter(structure=structure).order_by("nee_le"), "nee_le"),
        *_bouts(SuiviDInitiative.objects.filter(initiative__structure=structure).order_by("le"), "le"),
    ]
    annees = [instant.astimezone(fuseau).year for instant in instants] + [jour.year for jour in jours]
    return list(range(min(annees), max(annees) + 1)) if annees else []


def _bouts(ordonnees: QuerySet[Any], champ: str) -> list[Any]:
    valeurs = ordonnees.values_list(champ, flat=True)
    return [*valeurs[:1], *valeurs.reverse()[:1]]
