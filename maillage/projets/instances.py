"""Les instances, lues d'un coup : sièges par collège, réunions, et la part des habitants, comptée toute seule."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Final

from django.utils import timezone

from maillage.core.francais import INSECABLE, compte, nombre
from maillage.projets.choices import EtatReunion, GenreCollege, GenreInstance, VenueEnReunion
from maillage.projets.models import (
    College,
    Decision,
    Instance,
    Mandat,
    PresenceEnReunion,
    PresentsSansMandat,
    ProjetSocial,
    Reunion,
)

HABITANTS: Final = GenreCollege.HABITANTS
MANDAT_FINIT_BIENTOT: Final = timedelta(days=60)
EN_MOTS: Final = {
    GenreCollege.HABITANTS: "habitant",
    GenreCollege.ASSOCIATIONS: "représentant d’association,représentants d’associations",
    GenreCollege.ELUS: "élu",
    GenreCollege.EQUIPE: "membre de l’équipe,membres de l’équipe",
    GenreCollege.CAF: "représentant de la Caf,représentants de la Caf",
    GenreCollege.PARTENAIRES: "autre partenaire,autres partenaires",
}
_INDICES: Final = (
    ("pilotage", GenreInstance.PILOTAGE),
    ("copil", GenreInstance.PILOTAGE),
    ("technique", GenreInstance.TECHNIQUE),
    ("cotech", GenreInstance.TECHNIQUE),
    ("usager", GenreInstance.USAGERS),
    ("habitants", GenreInstance.USAGERS),
    ("administration", GenreInstance.CONSEIL),
    ("groupe", GenreInstance.GROUPE),
    ("commission", GenreInstance.GROUPE),
    ("séminaire", GenreInstance.SEMINAIRE),
)


def genre_d_apres(nom: str) -> GenreInstance:
    """Ce que dit le nom d'une instance importée ; une personne le corrige."""
    dit = nom.lower()
    return next((genre for indice, genre in _INDICES if indice in dit), GenreInstance.AUTRE)


@dataclass(slots=True)
class Part:
    """Des habitants parmi des gens comptés. Sans personne, il n'y a pas de part."""

    habitants: int = 0
    tous: int = 0

    @property
    def pour_cent(self) -> Decimal | None:
        if not self.tous:
            return None
        return (Decimal(self.habitants * 100) / self.tous).quantize(Decimal(1), ROUND_HALF_UP)

    def __str__(self) -> str:
        if self.pour_cent is None:
            return "–"
        return f"{nombre(self.pour_cent)}{INSECABLE}%"

    @property
    def detail(self) -> str:
        return f"{compte(self.habitants, 'habitant')} sur {compte(self.tous, 'présent')}"

    def plus(self, autre: "Part") -> "Part":
        return Part(self.habitants + autre.habitants, self.tous + autre.tous)


@dataclass(slots=True)
class ReunionLue:
    reunion: Reunion
    presents: dict[str, int] = field(default_factory=dict)
    """Genre de collège → personnes venues, avec ou sans mandat."""
    excuses: int = 0
    absents: int = 0
    decisions: list[Decision] = field(default_factory=list)

    @property
    def part(self) -> Part:
        return Part(self.presents.get(HABITANTS, 0), sum(self.presents.values()))

    @property
    def en_mots(self) -> str:
        """« 6 habitants, 2 élus » : jamais un nom."""
        return dire_les_nombres(self.presents)

    @property
    def est_a_venir(self) -> bool:
        return self.reunion.etat == EtatReunion.PREVUE and self.reunion.le >= timezone.localdate()

    @property
    def est_a_noter(self) -> bool:
        """Son jour est passé, et personne n'a dit si elle s'est tenue."""
        return self.reunion.etat == EtatReunion.PREVUE and self.reunion.le < timezone.localdate()

    @property
    def est_tenue(self) -> bool:
        return self.reunion.etat == EtatReunion.TENUE


@dataclass(slots=True)
class InstanceLue:
    instance: Instance
    colleges: list[College]
    mandats: list[Mandat]
    reunions: list[ReunionLue]
    """De la plus récente à la plus ancienne."""

    @property
    def sieges(self) -> Part:
        habitants = sum(college.sieges for college in self.colleges if college.est_habitant)
        return Part(habitants, sum(college.sieges for college in self.colleges))

    @property
    def est_paritaire(self) -> bool:
        """Autant de sièges pour les habitants que pour tous les autres, ou davantage."""
        return bool(self.sieges.tous) and self.sieges.habitants * 2 >= self.sieges.tous

    @property
    def en_mots(self) -> str:
        return dire_les_nombres({college.genre: college.sieges for college in self.colleges})

    @property
    def tenues(self) -> list[ReunionLue]:
        return [lue for lue in self.reunions if lue.est_tenue]

    @property
    def a_venir(self) -> list[ReunionLue]:
        return sorted((lue for lue in self.reunions if lue.est_a_venir), key=lambda lue: lue.reunion.le)

    @property
    def prochaine(self) -> ReunionLue | None:
        return next(iter(self.a_venir), None)

    @property
    def part(self) -> Part:
        return reunir(lue.part for lue in self.tenues)

    def mandats_le(self, jour: date) -> list[Mandat]:
        return [mandat for mandat in self.mandats if mandat.vaut_le(jour)]

    @property
    def mandats_en_cours(self) -> list[Mandat]:
        return self.mandats_le(timezone.localdate())

    @property
    def finissent_bientot(self) -> list[Mandat]:
        limite = timezone.localdate() + MANDAT_FINIT_BIENTOT
        return [mandat for mandat in self.mandats_en_cours if mandat.au <= limite]

    @property
    def sieges_a_pourvoir(self) -> list[tuple[College, int]]:
        """Collège → sièges sans membre ; seulement là où l'on tient les mandats."""
        tenus = [mandat.college_id for mandat in self.mandats_en_cours]
        if not tenus:
            return []
        restes = ((college, college.sieges - tenus.count(college.pk)) for college in self.colleges)
        return [(college, reste) for college, reste in restes if reste > 0]


@dataclass
class Gouvernance:
    projet: ProjetSocial
    instances: list[InstanceLue]

    @cached_property
    def reunions(self) -> list[ReunionLue]:
        toutes = (lue for instance in self.instances for lue in instance.reunions)
        return sorted(toutes, key=lambda lue: (lue.reunion.le, lue.reunion.pk), reverse=True)

    @property
    def part(self) -> Part:
        return reunir(lue.part for lue in self.reunions if lue.est_tenue)

    @property
    def annees(self) -> list[int]:
        """Celles où une réunion s'est tenue."""
        return sorted({lue.reunion.le.year for lue in self.reunions if lue.est_tenue})

    def part_de(self, annee: int) -> Part:
        return reunir(lue.part for lue in self.tenues_en(annee))

    def tenues_en(self, annee: int) -> list[ReunionLue]:
        return [lue for lue in self.reunions if lue.est_tenue and lue.reunion.le.year == annee]

    @property
    def a_venir(self) -> list[ReunionLue]:
        return sorted((lue for lue in self.reunions if lue.est_a_venir), key=lambda lue: lue.reunion.le)

    @property
    def a_noter(self) -> list[ReunionLue]:
        return [lue for lue in self.reunions if lue.est_a_noter]

    @property
    def sans_compte_rendu(self) -> list[ReunionLue]:
        return [lue for lue in self.reunions if lue.est_tenue and not lue.reunion.compte_rendu.strip()]

    @property
    def decisions_ouvertes(self) -> list[Decision]:
        ouvertes = [une for lue in self.reunions for une in lue.decisions if une.faite_le is None]
        return sorted(ouvertes, key=lambda une: (une.pour_le or date.max, une.pk))


def reunir(parts: Iterable[Part]) -> Part:
    total = Part()
    for part in parts:
        total = total.plus(part)
    return total


def dire_les_nombres(nombres: dict[str, int]) -> str:
    """« 8 habitants, 2 élus », dans l'ordre des collèges."""
    return ", ".join(compte(nombres[genre], mots) for genre, mots in EN_MOTS.items() if nombres.get(genre))


def lire_gouvernance(projet: ProjetSocial) -> Gouvernance:
    """Sept requêtes, quel que soit le nombre d'instances."""
    reunions = _reunions(projet)
    colleges: dict[int, list[College]] = {}
    for college in College.objects.filter(instance__projet=projet):
        colleges.setdefault(college.instance_id, []).append(college)
    mandats: dict[int, list[Mandat]] = {}
    tenus = Mandat.objects.filter(college__instance__projet=projet).select_related("college")
    for mandat in tenus.order_by("college__pk", "du", "pk"):
        mandats.setdefault(mandat.college.instance_id, []).append(mandat)
    ordre = list(EN_MOTS)
    return Gouvernance(
        projet,
        [
            InstanceLue(
                instance,
                sorted(colleges.get(instance.pk, []), key=lambda un: ordre.index(GenreCollege(un.genre))),
                mandats.get(instance.pk, []),
                reunions.get(instance.pk, []),
            )
            for instance in projet.instances.all()
        ],
    )


def _reunions(projet: ProjetSocial) -> dict[int, list[ReunionLue]]:
    lues = {
        reunion.pk: ReunionLue(reunion)
        for reunion in Reunion.objects.du_projet(projet).select_related("instance").order_by("-le", "-pk")
    }
    venues = PresenceEnReunion.objects.filter(reunion__in=lues).order_by()
    for reunion, genre, venue in venues.values_list("reunion", "mandat__college__genre", "venue"):
        lue = lues[reunion]
        if venue == VenueEnReunion.PRESENT:
            lue.presents[genre] = lue.presents.get(genre, 0) + 1
        elif venue == VenueEnReunion.EXCUSE:
            lue.excuses += 1
        else:
            lue.absents += 1
    for autre in PresentsSansMandat.objects.filter(reunion__in=lues).order_by():
        lue = lues[autre.reunion_id]
        lue.presents[autre.genre] = lue.presents.get(autre.genre, 0) + autre.nombre
    for decision in Decision.objects.filter(reunion__in=lues).select_related("reunion__instance", "fiche"):
        lues[decision.reunion_id].decisions.append(decision)
    ranges: dict[int, list[ReunionLue]] = {}
    for lue in lues.values():
        ranges.setdefault(lue.reunion.instance_id, []).append(lue)
    return ranges


def absences_de_suite(mandats: Iterable[Mandat], avant: Reunion) -> dict[int, int]:
    """Mandat → réunions tenues d'affilée où il n'est pas venu, en remontant depuis celle-ci."""
    precedentes = Reunion.objects.filter(
        instance=avant.instance_id, etat=EtatReunion.TENUE, le__lt=avant.le
    ).order_by("-le", "-pk")
    rangs = {reunion.pk: rang for rang, reunion in enumerate(precedentes[:12])}
    venues: dict[int, dict[int, str]] = {}
    siennes = PresenceEnReunion.objects.filter(reunion__in=list(rangs), mandat__in=list(mandats)).order_by()
    for reunion, mandat, venue in siennes.values_list("reunion", "mandat", "venue"):
        venues.setdefault(mandat, {})[rangs[reunion]] = venue
    suites = {}
    for mandat, dites in venues.items():
        suite = 0
        while dites.get(suite) in {VenueEnReunion.ABSENT, VenueEnReunion.EXCUSE}:
            suite += 1
        if suite:
            suites[mandat] = suite
    return suites
