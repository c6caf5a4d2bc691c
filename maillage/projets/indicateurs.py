"""Les indicateurs d'une fiche tels qu'on les lit : pour chaque année, la cible, le calcul, ce qui a été noté.

Les trois valeurs restent côte à côte. Celle que l'on retient est la dernière dite par une personne, à défaut celle
que Maillage a comptée. `est_dehors` : qui lit n'est pas du centre ; un nombre compté sur trop peu de gens se cache, et
ce que l'équipe a noté pour le corriger avec lui.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from maillage.core.francais import INSECABLE, nombre
from maillage.core.graphiques import Graphique, Serie
from maillage.projets.choices import CACHE, Niveau, SourceIndicateur
from maillage.projets.models import Cible, FicheAction, Indicateur, Releve, ValeurCalculee
from maillage.projets.periodes import dire_qu_elle_court

SOURCES = {
    SourceIndicateur.SAISIE: "Valeurs saisies par l’équipe",
    SourceIndicateur.CALCUL: "Valeurs calculées par Maillage, corrigées là où l’équipe l’a dit",
}
TONS = {
    Niveau.NON: ("stop", "circle-x"),
    Niveau.PLUTOT_NON: ("alerte", "circle-minus"),
    Niveau.PLUTOT_OUI: ("ok", "circle-plus"),
    Niveau.OUI: ("ok", "circle-check"),
}


@dataclass(eq=False)
class AnneeLue:
    """Un indicateur, une année."""

    indicateur: Indicateur
    annee: int
    cible: Cible | None = None
    calculee: ValeurCalculee | None = None
    releve: Releve | None = None
    cachee: str = ""
    """Ce qui se lit à la place du nombre ; alors ni le calcul ni sa correction ne sont ici."""

    @property
    def retenue(self) -> Decimal | None:
        if self.releve is not None and self.releve.valeur is not None:
            return self.releve.valeur
        return self.calculee.valeur if self.calculee else None

    @property
    def niveau(self) -> str:
        return self.releve.niveau if self.releve else ""

    @property
    def est_renseignee(self) -> bool:
        if not self.indicateur.est_quantitatif:
            return bool(self.niveau)
        return self.retenue is not None or bool(self.cachee)

    @cached_property
    def court_encore(self) -> str:
        """Ce qui se dit de l'année où elle se compte, tant qu'elle n'est pas finie."""
        return dire_qu_elle_court(self.indicateur.calendrier, self.annee, self.indicateur.fiche.projet)

    @property
    def est_corrigee(self) -> bool:
        return self.calculee is not None and self.releve is not None and self.releve.valeur is not None

    @property
    def est_atteinte(self) -> bool | None:
        """Vrai, faux, ou None faute de cible ou de valeur. Une cible sous le départ est un nombre à faire baisser."""
        if self.cible is None or self.retenue is None:
            return None
        depart = self.indicateur.depart
        if depart is not None and self.cible.valeur < depart:
            return self.retenue <= self.cible.valeur
        return self.retenue >= self.cible.valeur

    @property
    def dite(self) -> str:
        """« 36 sur 40 », « 36 », « Plutôt oui », ou rien."""
        if not self.indicateur.est_quantitatif:
            return Niveau(self.niveau).label if self.niveau else ""
        if self.cachee:
            return self.cachee
        if self.retenue is None:
            return ""
        if self.cible is None:
            return nombre(self.retenue)
        return f"{nombre(self.retenue)} sur{INSECABLE}{nombre(self.cible.valeur)}"

    @property
    def ton(self) -> str:
        return TONS[Niveau(self.niveau)][0] if self.niveau else ""

    @property
    def icone(self) -> str:
        return TONS[Niveau(self.niveau)][1] if self.niveau else ""


@dataclass(eq=False)
class IndicateurLu:
    indicateur: Indicateur
    par_annee: dict[int, AnneeLue] = field(default_factory=dict)

    def annee(self, annee: int) -> AnneeLue:
        return self.par_annee.get(annee) or AnneeLue(self.indicateur, annee)

    @property
    def annees(self) -> list[AnneeLue]:
        return [self.par_annee[annee] for annee in sorted(self.par_annee)]

    @cached_property
    def derniere(self) -> AnneeLue | None:
        """La dernière année renseignée, à défaut la première qui a une cible."""
        renseignees = [annee for annee in self.annees if annee.est_renseignee]
        visees = [annee for annee in self.annees if annee.cible]
        return next(iter(renseignees[-1:] or visees[:1]), None)

    @property
    def graphique(self) -> Graphique | None:
        """Les valeurs d'année en année, la cible à côté. Rien tant qu'aucune valeur n'est connue."""
        if not self.indicateur.est_quantitatif or all(annee.retenue is None for annee in self.annees):
            return None
        series = [Serie("Valeur", [annee.retenue for annee in self.annees])]
        if any(annee.cible for annee in self.annees):
            series.append(
                Serie("Cible", [annee.cible.valeur if annee.cible else None for annee in self.annees])
            )
        unite = f", en {self.indicateur.unite}" if self.indicateur.unite else ""
        return Graphique(
            titre=f"D’année en année{unite}",
            repere="Année",
            reperes=[str(annee.annee) for annee in self.annees],
            series=series,
            source=f"{SOURCES[SourceIndicateur(self.indicateur.source)]}.",
        )


def indicateurs_de(fiche: FicheAction, *, est_dehors: bool) -> list[IndicateurLu]:
    """Les quantitatifs puis les qualitatifs, dans l'ordre choisi. Quatre requêtes."""
    return lire_indicateurs([fiche], fiche.annees_prevues, est_dehors=est_dehors)[fiche.pk]


def lire_indicateurs(
    fiches: Iterable[FicheAction], annees: Iterable[int], *, est_dehors: bool
) -> dict[int, list[IndicateurLu]]:
    """Ceux de plusieurs fiches, par clé de fiche, en quatre requêtes. `annees` : celles que l'on montre toujours."""
    lus: dict[int, IndicateurLu] = {}
    par_fiche: dict[int, list[IndicateurLu]] = defaultdict(list)
    indicateurs = (
        Indicateur.objects.filter(fiche__in=[fiche.pk for fiche in fiches])
        .select_related("responsable", "fiche__projet__structure")
        .order_by("-liste", "rang", "pk")  # « quantitative » puis « qualitative »
    )
    for indicateur in indicateurs:
        lus[indicateur.pk] = IndicateurLu(
            indicateur, {annee: AnneeLue(indicateur, annee) for annee in annees}
        )
        par_fiche[indicateur.fiche_id].append(lus[indicateur.pk])
    for cible in Cible.objects.filter(indicateur__in=lus).order_by("pk"):
        _a_l_annee(lus[cible.indicateur_id], cible.annee).cible = cible
    for calculee in ValeurCalculee.objects.filter(indicateur__in=lus).order_by("pk"):
        _a_l_annee(lus[calculee.indicateur_id], calculee.annee).calculee = calculee
    for releve in Releve.objects.filter(indicateur__in=lus).select_related("saisi_par").order_by("pk"):
        _a_l_annee(lus[releve.indicateur_id], releve.annee).releve = releve
    if est_dehors:
        for lu in lus.values():
            _cacher_les_petits_nombres(lu)
    return par_fiche


def _cacher_les_petits_nombres(lu: IndicateurLu) -> None:
    """Une raison corrigeait un calcul : s'il n'est plus là, rien ne dit que son nombre pouvait se lire."""
    for annee in lu.par_annee.values():
        if annee.calculee is not None:
            mot = annee.calculee.cachee
        else:
            mot = CACHE if annee.releve is not None and annee.releve.motif else ""
        if mot:
            annee.calculee, annee.releve, annee.cachee = None, None, mot


def lire_indicateur(indicateur: Indicateur, *, est_dehors: bool) -> IndicateurLu:
    siens = indicateurs_de(indicateur.fiche, est_dehors=est_dehors)
    return next(lu for lu in siens if lu.indicateur == indicateur)


def _a_l_annee(lu: IndicateurLu, annee: int) -> AnneeLue:
    return lu.par_annee.setdefault(annee, AnneeLue(lu.indicateur, annee))
