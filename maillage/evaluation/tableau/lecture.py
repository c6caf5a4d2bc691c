"""Le bilan du centre tel qu'on le lit : des cellules gardées, l'année d'avant à côté. Rien ne se compte ici."""

from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, Final, NamedTuple

from maillage.core.francais import INSECABLE, MOIS
from maillage.core.graphiques import Graphique, Serie
from maillage.evaluation.calcul import periode
from maillage.evaluation.choices import Decoupe, Grandeur, Mesure
from maillage.evaluation.models import AnneeDuCentre, Cellule
from maillage.projets.choices import EtatProjet
from maillage.projets.models import Cible, ProjetSocial, Releve, ValeurCalculee
from maillage.territoire.models import Site, Structure

COURTS: Final = "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.".split()
JOURS: Final = "lundi mardi mercredi jeudi vendredi samedi dimanche".split()
PAR_MOIS: Final = (
    Grandeur.PASSAGES,
    Grandeur.SEANCES,
    Grandeur.PRESENCES,
    Grandeur.PERSONNES_DIFFERENTES,
    Grandeur.HEURES_D_ACTIVITE,
    Grandeur.HEURES_BENEVOLAT,
)
"""Un bénévole, une initiative se comptent à l'année."""
DESSINEES: Final = (Grandeur.PASSAGES, Grandeur.PRESENCES)
LOIN: Final = Decimal(2) / 3
"""Sous les deux tiers de ce que l'année laisse attendre, un indicateur est loin de sa cible."""
SANS_PRORATA: Final = {Mesure.ASSIDUITE, Mesure.SATISFACTION, Mesure.EVOLUTION}
"""Une part ne grandit pas avec les mois : on l'attend entière toute l'année."""
FICHES_MONTREES: Final = 12
A_COUVRIR: Final = {Grandeur.PRESENCES, Grandeur.PERSONNES_DIFFERENTES, Grandeur.BENEVOLES}
"""Ce qui dépend des noms notés ; la page des lignes dit la règle de chacun."""


@dataclass(frozen=True, slots=True)
class Chiffre:
    grandeur: Grandeur
    valeur: Decimal
    avant: Decimal
    couverture: str
    adresse: str

    @property
    def libelle(self) -> str:
        return str(self.grandeur.label)


@dataclass(frozen=True, slots=True)
class Case:
    """Un nombre d'un tableau, et où lire ses lignes ; vide quand c'est zéro."""

    valeur: Decimal
    adresse: str


@dataclass(frozen=True, slots=True)
class EcartALaCible:
    """Un indicateur, sa valeur, sa cible ; `attendue` : ce que l'année laisse attendre à ce jour."""

    indicateur: int
    libelle: str
    fiche: str
    valeur: Decimal
    cible: Decimal
    attendue: Decimal

    @property
    def retard(self) -> Decimal:
        """De 0, à l'heure, à 1, rien de fait. Une évolution descend sous zéro, et sa cible peut être zéro."""
        return abs(self.attendue - self.valeur) / max(abs(self.attendue), abs(self.valeur))


class Visee(NamedTuple):
    """Un indicateur qui a une cible : ses seules valeurs, un centre en a deux cents."""

    indicateur: int
    libelle: str
    fiche: str
    depart: Decimal | None
    definition: dict[str, Any]
    calendrier: str
    projet: int
    cible: Decimal


class Bilan:
    """Une année d'un centre, un de ses lieux ou tous. `jour` : celui qu'il est au centre."""

    def __init__(self, structure: Structure, jour: date, annee: int | None, site: int | None) -> None:
        self.structure = structure
        self.jour = jour
        lues = AnneeDuCentre.objects.filter(structure=structure).order_by("annee")
        self.gardees = {une.annee: une for une in lues}
        self.annees = sorted({*self.gardees, jour.year}, reverse=True)
        self.annee = annee if annee in self.annees else jour.year
        self.avant = self.annee - 1
        self.sites = dict(Site.objects.filter(structure=structure).order_by("pk").values_list("pk", "nom"))
        self.site = site if site in self.sites and len(self.sites) > 1 else None

    @property
    def nom_du_site(self) -> str:
        return self.sites[self.site] if self.site else ""

    @property
    def est_en_cours(self) -> bool:
        return self.annee == self.jour.year

    @property
    def calcule_le(self) -> datetime | None:
        gardee = self.gardees.get(self.annee)
        return gardee.calculee_le if gardee else None

    @property
    def empreinte(self) -> tuple[object, ...]:
        """Change dès qu'une de ses cellules est recomptée, sans avoir à les lire : chaque calcul pose son instant."""
        lues = [self.gardees.get(annee) for annee in (self.annee, self.avant)]
        calculs = tuple((une.pk, une.calculee_le, une.vus) if une else None for une in lues)
        mois = self.jour.month if self.est_en_cours else 0
        return self.structure.pk, self.annee, self.site, tuple(self.sites.items()), mois, calculs

    @cached_property
    def _cellules(self) -> dict[tuple[int, str, int | None, str, int], Decimal]:
        tenues = {une.pk: une.annee for une in self.gardees.values() if une.annee in (self.annee, self.avant)}
        lues = Cellule.objects.filter(annee__in=tenues).order_by()
        lues = lues.filter(site=self.site) | lues.filter(decoupe=Decoupe.ENSEMBLE)
        return {
            (tenues[annee], grandeur, site, decoupe, part): valeur
            for annee, grandeur, site, decoupe, part, valeur in lues.values_list(
                "annee", "grandeur", "site", "decoupe", "part", "valeur"
            )
        }

    def lire(
        self,
        grandeur: Grandeur,
        decoupe: Decoupe = Decoupe.ENSEMBLE,
        part: int = 0,
        *,
        annee: int | None = None,
        site: int | None = None,
    ) -> Decimal:
        cle = (annee or self.annee, grandeur.value, site or self.site, decoupe.value, part)
        return self._cellules.get(cle, Decimal(0))

    @property
    def est_vide(self) -> bool:
        return not self._cellules

    # --- Ce que la page montre ---
    @property
    def chiffres(self) -> list[Chiffre]:
        """Un bénévole, une initiative n'ont pas de lieu : ils ne sont que dans le bilan de tout le centre."""
        couvertures = self.gardees[self.annee].couvertures if self.annee in self.gardees else {}
        return [
            Chiffre(
                grandeur,
                self.lire(grandeur),
                self.lire(grandeur, annee=self.avant),
                couvertures.get(grandeur.value, "") if grandeur in A_COUVRIR and not self.site else "",
                self.adresse(grandeur) if self.lire(grandeur) else "",
            )
            for grandeur in (PAR_MOIS if self.site else Grandeur)
        ]

    @property
    def graphiques(self) -> list[Graphique]:
        mois = [(rang, court) for rang, court in enumerate(COURTS, start=1)]
        jours = [(rang, jour[:3] + ".") for rang, jour in enumerate(JOURS, start=1)]
        dessins = [
            self._dessin(grandeur, Decoupe.MOIS, mois, f"{str(grandeur.label).capitalize()}, mois par mois")
            for grandeur in DESSINEES
        ]
        passages = Grandeur.PASSAGES
        dessins.append(self._dessin(passages, Decoupe.JOUR, jours, "Passages, par jour de la semaine"))
        dessins.append(self._dessin(passages, Decoupe.HEURE, self._heures, "Passages, par heure"))
        return [dessin for dessin in dessins if dessin]

    @property
    def _heures(self) -> list[tuple[int, str]]:
        """De la première à la dernière heure où quelqu'un est venu."""
        venues = [part for _, _, _, decoupe, part in self._cellules if decoupe == Decoupe.HEURE] or [9, 17]
        return [(heure, f"{heure}{INSECABLE}h") for heure in range(min(venues), max(venues) + 1)]

    def _dessin(
        self, grandeur: Grandeur, decoupe: Decoupe, parts: list[tuple[int, str]], titre: str
    ) -> Graphique | None:
        ici = [self.lire(grandeur, decoupe, rang) for rang, _ in parts]
        avant = [self.lire(grandeur, decoupe, rang, annee=self.avant) for rang, _ in parts]
        if not any(ici) and not any(avant):
            return None
        series = [Serie(str(self.annee), ici)] + ([Serie(str(self.avant), avant)] if any(avant) else [])
        return Graphique(
            titre, str(decoupe.label).capitalize(), [dit for _, dit in parts], series, self.source
        )

    @property
    def source(self) -> str:
        return "Compté par Maillage, à l’heure du centre."

    @property
    def colonnes(self) -> list[str]:
        return [str(grandeur.label) for grandeur in PAR_MOIS]

    @property
    def mois(self) -> list[tuple[str, list[Case]]]:
        """Les douze, vides compris ; de l'année en cours, ceux qui ont commencé."""
        derniers = self.jour.month if self.est_en_cours else 12
        return [
            (MOIS[rang - 1], [self._case(grandeur, Decoupe.MOIS, rang) for grandeur in PAR_MOIS])
            for rang in range(1, derniers + 1)
        ]

    @property
    def toute_l_annee(self) -> list[Case]:
        return [self._case(grandeur, Decoupe.ENSEMBLE, 0) for grandeur in PAR_MOIS]

    @property
    def lieux(self) -> list[tuple[str, list[Case]]]:
        if self.site or len(self.sites) < 2:
            return []
        return [
            (nom, [self._case(grandeur, Decoupe.ENSEMBLE, 0, site=pk) for grandeur in PAR_MOIS])
            for pk, nom in self.sites.items()
        ]

    def _case(self, grandeur: Grandeur, decoupe: Decoupe, part: int, *, site: int | None = None) -> Case:
        valeur = self.lire(grandeur, decoupe, part, site=site)
        return Case(valeur, self.adresse(grandeur, mois=part, site=site) if valeur else "")

    def adresse(self, grandeur: Grandeur, *, mois: int = 0, site: int | None = None) -> str:
        """La fin de l'adresse des lignes de ce nombre."""
        lieu = site or self.site
        suite = f"&mois={mois}" if mois else ""
        return f"annee={self.annee}&quoi={grandeur.value}{suite}{f'&site={lieu}' if lieu else ''}"

    # --- Les fiches loin de leur cible ---
    @cached_property
    def loin(self) -> list[EcartALaCible]:
        """Le plus loin d'abord. Une cible sous le départ est un nombre à faire baisser : seul un dépassement compte."""
        return sorted(self._loin(), key=lambda ecart: (-ecart.retard, ecart.indicateur))[:FICHES_MONTREES]

    def _loin(self) -> Iterator[EcartALaCible]:
        cibles = self._cibles
        if not cibles:
            return
        de_l_annee = {"annee": self.annee, "indicateur__fiche__projet__structure": self.structure}
        calculees = ValeurCalculee.objects.filter(**de_l_annee).order_by()
        relevees = Releve.objects.filter(**de_l_annee, valeur__isnull=False).order_by()
        valeurs: dict[int, Decimal | None] = dict(calculees.values_list("indicateur", "valeur"))
        valeurs |= dict(relevees.values_list("indicateur", "valeur"))  # ce qu'une personne a dit l'emporte
        ecoulees = self._parts_ecoulees({(une.projet, une.calendrier) for une in cibles})
        for une in cibles:
            if (valeur := valeurs.get(une.indicateur)) is None:
                continue
            est_a_baisser = une.depart is not None and une.cible < une.depart
            est_entiere = est_a_baisser or SANS_PRORATA.intersection(une.definition.get("mesures", ())[:1])
            attendue = une.cible if est_entiere else une.cible * ecoulees[une.projet, une.calendrier]
            est_loin = valeur * LOIN > attendue if est_a_baisser else valeur < attendue * LOIN
            if est_loin:
                yield EcartALaCible(une.indicateur, une.libelle, une.fiche, valeur, une.cible, attendue)

    def _parts_ecoulees(self, annees: Set[tuple[int, str]]) -> dict[tuple[int, str], Decimal]:
        """De l'année sur laquelle un indicateur compte : la scolaire commence en septembre et finit l'été d'après."""
        projets = ProjetSocial.objects.only("du", "structure").in_bulk({projet for projet, _ in annees})
        for projet in projets.values():
            projet.structure = self.structure
        return {
            (projet, calendrier): periode(calendrier, self.annee, projets[projet]).ecoulee(self.jour)
            for projet, calendrier in annees
        }

    @property
    def _cibles(self) -> list[Visee]:
        visees = Cible.objects.filter(
            annee=self.annee,
            indicateur__fiche__projet__structure=self.structure,
            indicateur__fiche__projet__etat=EtatProjet.EN_COURS,
        )
        lues = visees.order_by("pk").values_list(
            "indicateur",
            "indicateur__libelle",
            "indicateur__fiche__titre",
            "indicateur__depart",
            "indicateur__definition",
            "indicateur__calendrier",
            "indicateur__fiche__projet",
            "valeur",
        )
        return [Visee._make(une) for une in lues]


# --- Le fichier ---------------------------------------------------------------------------------------
def lignes_du_fichier(bilan: Bilan) -> Iterator[dict[str, object]]:
    """Une ligne par nombre : tout le centre puis chaque lieu, l'année puis ses mois. Ce qui n'a pas de lieu n'y est
    qu'avec tout le centre."""
    ici, avant = str(bilan.annee), str(bilan.avant)
    lieux = (
        [(None, "Tout le centre"), *bilan.sites.items()]
        if not bilan.site
        else [(bilan.site, bilan.nom_du_site)]
    )
    for site, nom in lieux:
        for grandeur in PAR_MOIS if site else Grandeur:
            yield {
                "Ce qui est compté": str(grandeur.label),
                "Lieu": nom,
                "Quand": "Toute l’année",
                ici: bilan.lire(grandeur, site=site),
                avant: bilan.lire(grandeur, site=site, annee=bilan.avant),
            }
    for grandeur in PAR_MOIS:
        for rang, mois in enumerate(MOIS, start=1):
            yield {
                "Ce qui est compté": str(grandeur.label),
                "Lieu": bilan.nom_du_site or "Tout le centre",
                "Quand": mois,
                ici: bilan.lire(grandeur, Decoupe.MOIS, rang),
                avant: bilan.lire(grandeur, Decoupe.MOIS, rang, annee=bilan.avant),
            }
