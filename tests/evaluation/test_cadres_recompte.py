"""Chaque nombre d'un cadre, recompté en Python nu sur les mêmes lignes, sans aucun calcul partagé.

Deux années, une rentrée, un réveillon, des séances annulées, un autre centre, des gens sans âge ni quartier.
"""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from maillage.accueil.models import Demande, Passage
from maillage.activites.choices import Cadre, EtatSeance
from maillage.activites.models import (
    Activite,
    Benevole,
    HeuresDeBenevolat,
    Initiative,
    Inscription,
    Presence,
    Seance,
    VenueSansNom,
)
from maillage.evaluation.cadres.definitions import CadreDeRapport, Rubrique, derniers_cadres
from maillage.evaluation.cadres.remplissage import CadreRempli
from maillage.personnes.models import MembreDeFoyer, Personne
from maillage.territoire.models import Structure
from tests.accueil.fabriques import TypeDeDemandeFactory, passages
from tests.activites.fabriques import ActiviteFactory, InscriptionFactory, SeanceFactory
from tests.fabriques import SiteFactory, StructureFactory
from tests.personnes.fabriques import FoyerFactory, PersonneFactory, ProvenanceFactory

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
ANNEES = (2023, 2024)
ROLES = ["participant"] * 6 + ["parent", "bénévole", "professionnel"]
DEBUTS = {"0_5": 0, "6_11": 6, "12_17": 12, "18_25": 18, "26_59": 26, "60_74": 60, "75": 75}
QUOTIENTS = {"1": "Tranche 1, la plus basse", "3": "Tranche 3"}
SEANCES = [
    datetime(2023, 12, 31, 22, 30, tzinfo=UTC),  # 23 h 30 à Paris : encore 2023
    datetime(2023, 12, 31, 23, 15, tzinfo=UTC),  # déjà 2024 à Paris
    datetime(2024, 8, 31, 21, 0, tzinfo=UTC),  # la veille de la rentrée
    datetime(2024, 8, 31, 22, 30, tzinfo=UTC),  # le 1er septembre à Paris
    *(datetime(2023, 1, 10, 14, tzinfo=UTC) + timedelta(days=11 * rang) for rang in range(66)),
]


@pytest.fixture
def centre() -> Structure:
    """Peuplé au hasard, toujours le même."""
    hasard = Random(9)
    centre: Structure = StructureFactory()
    ailleurs: Structure = StructureFactory()
    for structure in (centre, ailleurs):
        _peupler(structure, hasard)
    return centre


def _peupler(structure: Structure, hasard: Random) -> None:
    sites = [
        SiteFactory(structure=structure, nom=nom, est_principal=not rang) for rang, nom in enumerate("AB")
    ]
    quartiers = [ProvenanceFactory(structure=structure, nom=nom) for nom in ("Le Moulin", "La Gare")]
    gens = [
        PersonneFactory(
            structure=structure,
            naissance=hasard.choice([None, 2020, 2015, 2013, 2009, 2001, 1980, 1955, 1940]),
            genre=hasard.choice(["femmes", "hommes", ""]),
            provenance=hasard.choice([*quartiers, None]),
            quotient=hasard.choice(["1", "3", ""]),
        )
        for _ in range(40)
    ]
    foyers = [FoyerFactory(structure=structure) for _ in range(8)]
    MembreDeFoyer.objects.bulk_create(
        MembreDeFoyer(foyer=foyers[rang % 8], personne=personne) for rang, personne in enumerate(gens[:25])
    )
    activites = [
        ActiviteFactory(
            structure=structure,
            titre=f"Activité {rang}",
            cadre=[Cadre.CLAS, Cadre.LAEP, Cadre.AUCUN][rang % 3],
            site=sites[rang % 2] if rang else None,
        )
        for rang in range(7)
    ]
    for personne in gens[:12]:
        InscriptionFactory(
            activite=activites[0], personne=personne, inscrite_le=datetime(2023, 3, 1, tzinfo=UTC)
        )
    for rang, debut in enumerate(SEANCES):
        activite = activites[rang % 7]
        seance = SeanceFactory(
            activite=activite,
            debut=debut,
            fin=debut + timedelta(minutes=hasard.choice([45, 60, 90, 120])),
            etat=EtatSeance.ANNULEE if rang % 13 == 12 else EtatSeance.TENUE,
            site=sites[1] if rang % 9 == 0 else None,
        )
        if activite.cadre != Cadre.LAEP:
            venues = [
                Presence(
                    seance=seance,
                    personne=personne,
                    role=hasard.choice(ROLES),
                    age=None if personne.naissance is None else debut.year - personne.naissance,
                )
                for personne in hasard.sample(gens, hasard.randint(0, 14))
            ]
            Presence.objects.bulk_create(venues)
        cases = {
            (hasard.choice([*DEBUTS, ""]), hasard.choice(["femmes", "hommes", ""]), hasard.choice(ROLES))
            for _ in range(hasard.randint(0, 4))
        }
        VenueSansNom.objects.bulk_create(
            VenueSansNom(seance=seance, bande=bande, genre=genre, role=role, nombre=hasard.randint(0, 6))
            for bande, genre, role in sorted(cases)
        )
    types = [TypeDeDemandeFactory(structure=structure, libelle=mot) for mot in ("Papiers", "Inscription")]
    for rang, debut in enumerate(SEANCES):
        (venu,) = passages(structure, types[rang % 2], debut, site=hasard.choice([*sites, None]), nombre=2)
        if rang % 5 == 0:
            Demande.objects.create(passage=venu, type=types[1 - rang % 2])
        if rang % 7 == 0:
            Passage.objects.filter(pk=venu.pk).update(annule_le=debut)
    for rang, personne in enumerate(gens[30:36]):
        engagee = Benevole.objects.create(structure=structure, personne=personne)
        HeuresDeBenevolat.objects.create(
            structure=structure,
            benevole=engagee,
            activite=activites[2] if rang % 2 else None,
            jour=date(2023 + rang % 2, 5, 1 + rang),
            heures=Decimal("1.5") * (1 + rang),
        )
    for rang in range(5):
        Initiative.objects.create(
            structure=structure, titre=f"Idée {rang}", nee_le=date(2023 + rang % 2, 6, 1)
        )


# --- Le recomptage ------------------------------------------------------------------------------------
class Recompte:
    """Les lignes d'un centre, une année d'un cadre ; rien n'est filtré par la base."""

    def __init__(self, structure: Structure, cadre: CadreDeRapport, annee: int) -> None:
        self.cadre, self.annee = cadre, annee
        self.activites = {
            une.pk: une
            for une in Activite.objects.order_by("pk")
            if une.structure_id == structure.pk and cadre.dispositif in ("", une.cadre)
        }
        self.structure = structure
        self.seances = {
            une.pk: une
            for une in Seance.objects.order_by("pk")
            if une.activite_id in self.activites and une.etat == "tenue" and self._ici(une.debut)
        }
        self.personnes = {une.pk: une for une in Personne.objects.select_related("provenance").order_by("pk")}
        self.mots = {bande: mot for mot, bandes in cadre.tranches.items() for bande in bandes}

    def _ici(self, moment: datetime | date) -> bool:
        jour = moment.astimezone(PARIS).date() if isinstance(moment, datetime) else moment
        if self.cadre.calendrier == "scolaire":
            return date(self.annee, 9, 1) <= jour < date(self.annee + 1, 9, 1)
        return jour.year == self.annee

    def lignes(self, rubrique: Rubrique) -> list[dict[str, Any]]:
        """Ce qui compte : combien, qui, et ses mots."""
        return list(getattr(self, f"_{rubrique.mesure.value}")(self._roles(rubrique), rubrique.en))

    def _roles(self, rubrique: Rubrique) -> set[str]:
        return {role for roles in rubrique.comptee.filtres.values() for role in roles} or {*ROLES}

    def _lieu(self, seance: Any) -> str:
        return str(seance.site or self.activites[seance.activite_id].site or "non dit").split(",")[0]

    def _duree(self, seance: Any) -> Decimal:
        return Decimal((seance.fin - seance.debut).seconds) / 3600

    def _tranche(self, age: int | None) -> str:
        if age is None:
            return "non dit"
        return self.mots[max((d, bande) for bande, d in DEBUTS.items() if d <= age)[1]]

    def _de_la_seance(self, seance: Any) -> dict[str, str]:
        return {"activité": self.activites[seance.activite_id].titre, "lieu": self._lieu(seance)}

    def _seances(self, roles: set[str], en: str) -> Any:
        for une in self.seances.values():
            yield {"n": self._duree(une) if en == "heures" else Decimal(1), **self._de_la_seance(une)}

    def _activites(self, roles: set[str], en: str) -> Any:
        return ({"n": Decimal(1)} for _ in {une.activite_id for une in self.seances.values()})

    def _nommees(self, roles: set[str], en: str) -> Any:
        for une in Presence.objects.order_by("pk"):
            if une.seance_id in self.seances and une.role in roles:
                seance, qui = self.seances[une.seance_id], self.personnes[une.personne_id]
                yield {
                    "n": self._duree(seance) if en == "heures" else Decimal(1),
                    "qui": qui.pk,
                    "seance": seance,
                    "âge": self._tranche(une.age),
                    "genre": qui.genre or "non dit",
                    "quartier": qui.provenance.nom if qui.provenance else "non dit",
                    "quotient": QUOTIENTS.get(qui.quotient, "non dit"),
                    **self._de_la_seance(seance),
                }

    def _presences(self, roles: set[str], en: str) -> Any:
        yield from self._nommees(roles, en)
        for une in VenueSansNom.objects.order_by("pk"):
            if une.seance_id in self.seances and une.role in roles and une.nombre:
                seance = self.seances[une.seance_id]
                yield {
                    "n": une.nombre * (self._duree(seance) if en == "heures" else Decimal(1)),
                    "âge": self.mots.get(une.bande, "non dit"),
                    "genre": une.genre or "non dit",
                    "quartier": "sans nom",
                    **self._de_la_seance(seance),
                }

    _personnes_differentes = _nommees

    def _familles(self, roles: set[str], en: str) -> Any:
        foyers: dict[int, int] = {}
        for membre in MembreDeFoyer.objects.order_by("foyer_id"):
            foyers.setdefault(membre.personne_id, membre.foyer_id)
        for une in self._nommees(roles, en):
            if une["qui"] in foyers:
                yield une | {"qui": foyers[une["qui"]]}

    def _passages(self, roles: set[str], en: str) -> Any:
        for un in Passage.objects.select_related("site").order_by("pk"):
            if un.structure_id == self.structure.pk and un.annule_le is None and self._ici(un.le):
                yield {"n": Decimal(1), "lieu": un.site.nom if un.site else "non dit"}

    def _demandes_par_type(self, roles: set[str], en: str) -> Any:
        for une in Demande.objects.select_related("passage", "type").order_by("pk"):
            passage = une.passage
            if passage.structure_id == self.structure.pk and not passage.annule_le and self._ici(passage.le):
                yield {"n": Decimal(1), "type de demande": une.type.libelle}

    def _heures(self) -> list[HeuresDeBenevolat]:
        toutes = HeuresDeBenevolat.objects.select_related("benevole", "activite").order_by("pk")
        return [une for une in toutes if une.structure_id == self.structure.pk and self._ici(une.jour)]

    def _benevoles(self, roles: set[str], en: str) -> Any:
        a_la_seance = {une["qui"] for une in self._nommees({"bénévole"}, "")}
        dans_les_heures = {une.benevole.personne_id for une in self._heures() if une.benevole}
        return ({"n": Decimal(1), "qui": qui} for qui in a_la_seance | dans_les_heures)

    def _heures_benevolat(self, roles: set[str], en: str) -> Any:
        for une in self._heures():
            yield {"n": une.heures, "activité": une.activite.titre if une.activite else "non dit"}
        for presence in self._nommees({"bénévole"}, "heures"):
            yield {"n": presence["n"], "activité": presence["activité"]}

    def _initiatives(self, roles: set[str], en: str) -> Any:
        for une in Initiative.objects.order_by("pk"):
            if une.structure_id == self.structure.pk and self._ici(une.nee_le):
                yield {"n": Decimal(1), "état": une.get_etat_display()}

    def _assiduite(self, roles: set[str], en: str) -> Any:
        venus: dict[int, Counter[int]] = defaultdict(Counter)
        for une in self._nommees(roles, ""):
            venus[une["seance"].activite_id][une["qui"]] += 1
        tenues = Counter(une.activite_id for une in self.seances.values())
        presents = attendus = 0
        for activite, combien in tenues.items():
            inscrits = {
                une.personne_id
                for une in Inscription.objects.order_by("pk")
                if une.activite_id == activite
                and une.role in roles
                and une.inscrite_le.astimezone(PARIS).date() < date(self.annee + 1, 9, 1)
            }
            presents += sum(venus[activite].values())
            attendus += len(inscrits | {*venus[activite]}) * combien
        yield {"n": Decimal(100 * presents) / attendus}

    # --- Ses nombres ------------------------------------------------------------------------------------
    def nombre(self, rubrique: Rubrique, lignes: list[dict[str, Any]], seances: int | None = None) -> Decimal:
        if rubrique.mesure.value in {"personnes_differentes", "familles", "benevoles"}:
            return Decimal(len({une["qui"] for une in lignes}))
        total = sum((une["n"] for une in lignes), Decimal(0))
        if rubrique.en == "par_seance":
            total /= len(self.seances) if seances is None else seances
        return total.quantize(Decimal("0.01"), ROUND_HALF_UP)

    def detail(self, rubrique: Rubrique, *axes: str) -> dict[Any, Decimal]:
        paquets: dict[Any, list[dict[str, Any]]] = defaultdict(list)
        for une in self.lignes(rubrique):
            mots = tuple(une.get(axe, "non dit") for axe in axes)
            paquets[mots if len(axes) > 1 else mots[0]].append(une)
        tenues = Counter(self.activites[une.activite_id].titre for une in self.seances.values())
        return {mot: self.nombre(rubrique, lignes, tenues.get(mot)) for mot, lignes in paquets.items()}


@pytest.mark.parametrize("cadre", derniers_cadres(), ids=lambda cadre: cadre.sigle)
def test_chaque_nombre_est_celui_qu_on_recompte_ligne_a_ligne(
    centre: Structure, cadre: CadreDeRapport
) -> None:
    compares = 0
    for annee in ANNEES:
        nu = Recompte(centre, cadre, annee)
        rempli = CadreRempli(cadre, centre, annee, est_dehors=False)
        for rubrique in (une for une in cadre.rubriques if une.definition):
            ou = (cadre.sigle, annee, rubrique.cle)
            compte = rempli.compte(rubrique)
            assert compte.valeur == nu.nombre(rubrique, nu.lignes(rubrique)), ou
            compares += 1
            for axe in rubrique.par:
                attendu = {mot: n for mot, n in nu.detail(rubrique, axe).items() if n}
                assert {mot: n for mot, n in compte.detail(axe).items() if n} == attendu, (*ou, axe)
                compares += len(attendu)
            if rubrique.croise:
                attendues = {mots: n for mots, n in nu.detail(rubrique, *rubrique.croise).items() if n}
                assert compte.croisement() == attendues, ou
                compares += len(attendues)
    assert compares > 20  # la comparaison n'est pas vide


def test_les_heures_sont_bien_deux_choses(centre: Structure) -> None:
    """Une séance de deux heures où cinq personnes viennent : deux heures d'activité, dix de présence."""
    Presence.objects.all().delete()
    VenueSansNom.objects.all().delete()
    Seance.objects.filter(activite__structure=centre).update(etat=EtatSeance.ANNULEE)
    debut = datetime(2024, 3, 5, 13, tzinfo=UTC)
    seance = SeanceFactory(
        activite=Activite.objects.filter(structure=centre, cadre=Cadre.AUCUN).first(),
        debut=debut,
        fin=debut + timedelta(hours=2),
        etat=EtatSeance.TENUE,
    )
    VenueSansNom.objects.create(seance=seance, nombre=5)
    caf = derniers_cadres()[0]
    rempli = CadreRempli(caf, centre, 2024, est_dehors=False)
    lus = {une.rubrique.cle: str(une.valeurs[0]) for _, rubriques in rempli.parties for une in rubriques}
    assert (lus["heures-ouverture"], lus["heures-presence"], lus["presences"]) == ("2", "10", "5")
