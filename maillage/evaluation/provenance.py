"""« D'où vient ce nombre » : la valeur d'une année, son détail, et les lignes derrière, telles qu'on les lit."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Model, Prefetch, QuerySet

from maillage.accueil.models import Demande, Passage
from maillage.activites.models import (
    Activite,
    HeuresDeBenevolat,
    Initiative,
    Presence,
    Satisfaction,
    Seance,
    VenueSansNom,
)
from maillage.core.francais import MOIS, compte, nombre
from maillage.core.graphiques import Graphique, Serie
from maillage.evaluation.calcul import EN_POUR_CENT, Centre, MesureCalculee, Periode, calculer, periodes
from maillage.evaluation.choices import Mesure
from maillage.evaluation.lecture import Compte, Phrase
from maillage.personnes.choices import BandeAge
from maillage.personnes.models import Personne
from maillage.projets.indicateurs import AnneeLue, lire_indicateur
from maillage.projets.models import ValeurCalculee
from maillage.territoire.models import Partenaire

UNE_PERSONNE: Final = "une personne"
UNE_FOIS_CHACUN: Final = {
    Mesure.PERSONNES_DIFFERENTES,
    Mesure.FAMILLES,
    Mesure.REPARTITION,
}
"""Ce qui compte des gens différents : d'un mois à l'autre, ce sont souvent les mêmes."""
COURTS: Final = "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.".split()
TITRES: Final = {"mois": "Par mois", "site": "Par lieu"}


@dataclass(frozen=True)
class Tableau:
    """Un détail : chaque mot et son nombre, déjà dit. `additionne` : les parts font le total."""

    titre: str
    lignes: list[tuple[str, str]]
    graphique: Graphique | None = None


@dataclass(frozen=True)
class MesureLue:
    libelle: str
    valeur: str
    couverture: str
    tableaux: list[Tableau]
    s_additionne: bool
    """Les parts d'un détail font le total : vrai des lignes, jamais des gens."""


class Provenance:
    """Un indicateur calculé, une année, pour l'équipe du centre : le dehors ne lit que des documents."""

    def __init__(self, compte: Compte, annee: int | None = None) -> None:
        self.compte = compte
        self.indicateur = compte.indicateur
        self._voulue = annee

    @property
    def phrase(self) -> Phrase | None:
        return self.compte.enregistree

    @cached_property
    def periodes(self) -> list[Periode]:
        if self.phrase is None:
            return []
        return list(periodes(self.phrase.definition.calendrier, self.indicateur.fiche.projet))

    @cached_property
    def lu(self) -> dict[int, AnneeLue]:
        return lire_indicateur(self.indicateur, est_dehors=False).par_annee

    @cached_property
    def gardees(self) -> dict[int, ValeurCalculee]:
        return {une.annee: une for une in self.indicateur.valeurs_calculees.all()}

    @cached_property
    def periode(self) -> Periode | None:
        """L'année demandée ; à défaut la dernière qui a une valeur, ou la dernière commencée."""
        par_annee = {une.annee: une for une in self.periodes}
        if self._voulue is not None:
            return par_annee.get(self._voulue)
        calculees = [annee for annee in self.gardees if annee in par_annee]
        return par_annee[max(calculees)] if calculees else next(iter(self.periodes[-1:]), None)

    @property
    def annee(self) -> AnneeLue | None:
        return self.lu.get(self.periode.annee) if self.periode else None

    @cached_property
    def calculees(self) -> tuple[MesureCalculee, ...]:
        """Recomptées : pour les lignes derrière, et pour dire ce qui manque."""
        if self.phrase is None or self.periode is None:
            return ()
        fiche = self.indicateur.fiche
        return calculer(self.phrase.definition, fiche, self.periode, Centre(fiche.projet.structure))

    @property
    def manque(self) -> str:
        """Ce qu'il faudrait pour avoir une valeur."""
        if self.periode is None or self.periode.annee in self.gardees:
            return ""
        return self.calculees[0].decompte.manque if self.calculees else ""

    @cached_property
    def mesures(self) -> list[MesureLue]:
        """La valeur de l'indicateur d'abord, puis les autres mesures de sa phrase. Lues, pas recomptées."""
        valeur = self.gardees.get(self.periode.annee) if self.periode else None
        if valeur is None or self.periode is None:
            return []
        return [_lire(gardee, self.periode.mois) for gardee in valeur.detail]


def _lire(gardee: dict[str, Any], mois: list[str]) -> MesureLue:
    mesure = Mesure(gardee["mesure"])
    libelle = Mesure.PERSONNES_DIFFERENTES if mesure is Mesure.REPARTITION else mesure
    tableaux = [
        _tableau(axe, _toutes(axe, cellules, mesure, mois), mesure) for axe, cellules in gardee["par"].items()
    ]
    valeur = None if gardee["valeur"] is None else Decimal(gardee["valeur"])
    return MesureLue(
        str(libelle.label),
        _dire(mesure, valeur),
        gardee["couverture"],
        tableaux,
        mesure not in UNE_FOIS_CHACUN,
    )


def _toutes(axe: str, cellules: list[list[str]], mesure: Mesure, mois: list[str]) -> dict[str, Decimal]:
    """Un mois sans rien se voit, sans quoi juin et septembre se suivraient. Une part n’a pas de zéro."""
    lues = {mot: Decimal(n) for mot, n in cellules}
    vides = dict.fromkeys(mois, Decimal(0)) if axe == "mois" and mesure not in EN_POUR_CENT else {}
    return vides | lues


def _dire(mesure: Mesure, valeur: Decimal | None) -> str:
    if valeur is None:
        return ""
    return f"{nombre(valeur)}\u00a0%" if mesure in EN_POUR_CENT else nombre(valeur)


def _tableau(axe: str, cellules: dict[str, Decimal], mesure: Mesure) -> Tableau:
    montrees = dict(sorted(cellules.items(), key=_ORDRES.get(axe, _du_plus_grand)))
    titre = TITRES.get(axe, f"Par {axe}")
    dessin = None
    if axe == "mois" and len(montrees) > 1:
        dessin = Graphique(
            titre=titre,
            repere="Mois",
            reperes=[COURTS[MOIS.index(mois.split()[0])] for mois in montrees],
            series=[Serie(str(mesure.label), list(montrees.values()))],
            source="Compté par Maillage.",
        )
    return Tableau(titre, [(mot, _dire(mesure, n)) for mot, n in montrees.items()], dessin)


def _rang_du_mois(paire: tuple[str, Decimal]) -> tuple[str, int]:
    mois, annee = paire[0].split()
    return annee, MOIS.index(mois)


def _du_plus_grand(paire: tuple[str, Decimal]) -> tuple[Decimal, str]:
    return -paire[1], paire[0]


def _du_plus_jeune(paire: tuple[str, Decimal]) -> int:
    """L'âge « non dit » en dernier."""
    bandes = [str(bande.label) for bande in BandeAge]
    return bandes.index(paire[0]) if paire[0] in bandes else len(bandes)


_ORDRES: Final[dict[str, Callable[[tuple[str, Decimal]], Any]]] = {
    "mois": _rang_du_mois,
    "âge": _du_plus_jeune,
}


# --- Les lignes derrière -------------------------------------------------------------------------------
@dataclass(frozen=True)
class Ligne:
    """Ce qui a compté. `qui` : un nom pour qui le voit, « une personne » sinon ; vide, la ligne n'est à personne."""

    quand: date | None
    quoi: str
    precision: str
    qui: str


LIGNES_MONTREES: Final = 200
"""Au-delà, une page ne se lit plus : le fichier les donne toutes."""


class Lignes:
    """Les lignes d'un décompte, dites. `nommees` : activités dont on lit les noms ; None, celles de tout le centre."""

    def __init__(
        self, calculee: MesureCalculee, fuseau: ZoneInfo, nommees: frozenset[int] | None = frozenset()
    ) -> None:
        self._sources = calculee.decompte.lignes
        self._fuseau = fuseau
        self._nommees = nommees

    @cached_property
    def combien(self) -> int:
        return sum(source.count() for source in self._sources)

    def __iter__(self) -> Iterator[Ligne]:
        return self.premieres(None)

    def premieres(self, limite: int | None) -> Iterator[Ligne]:
        reste = limite
        for source in self._sources:
            lues = _PREPARER.get(source.model, lambda lignes: lignes)(source)
            for objet in lues if reste is None else lues[:reste]:
                yield _DIRE[source.model](self, objet)
                reste = None if reste is None else reste - 1
            if reste == 0:
                return

    @property
    def apercu(self) -> dict[str, Any]:
        """Ce que `_lignes_comptees.html` montre : les premières, et combien elles sont."""
        return {
            "combien": self.combien,
            "lignes": list(self.premieres(LIGNES_MONTREES)),
            "montrees": LIGNES_MONTREES,
        }

    def jour(self, instant: datetime) -> date:
        return instant.astimezone(self._fuseau).date()

    def nom(self, personne: Personne, activite_id: int | None) -> str:
        if self._nommees is None or activite_id in self._nommees:
            return str(personne)
        return UNE_PERSONNE


def _presence(lignes: Lignes, une: Presence) -> Ligne:
    seance = une.seance
    qui = lignes.nom(une.personne, seance.activite_id)
    return Ligne(lignes.jour(seance.debut), seance.activite.titre, une.role, qui)


def _sans_nom(lignes: Lignes, une: VenueSansNom) -> Ligne:
    dite = f"{une.role}, {compte(une.nombre, 'venue')} sans nom"
    return Ligne(lignes.jour(une.seance.debut), une.seance.activite.titre, dite, "")


def _passage(lignes: Lignes, un: Passage) -> Ligne:
    demandes = ", ".join(demande.type.libelle for demande in un.demandes.all())
    return Ligne(lignes.jour(un.le), "Passage à l’accueil", demandes, "")


def _heures(lignes: Lignes, une: HeuresDeBenevolat) -> Ligne:
    activite = une.seance.activite if une.seance else une.activite
    qui = lignes.nom(une.benevole.personne, activite.pk if activite else None) if une.benevole else ""
    return Ligne(une.jour, str(activite or une.mission or "Bénévolat"), f"{nombre(une.heures)} h", qui)


_DIRE: Final[dict[type[Model], Callable[[Lignes, Any], Ligne]]] = {
    Seance: lambda lignes, une: Ligne(lignes.jour(une.debut), une.activite.titre, une.genre_retenu, ""),
    Activite: lambda lignes, une: Ligne(None, une.titre, une.genre, ""),
    Presence: _presence,
    VenueSansNom: _sans_nom,
    Passage: _passage,
    Demande: lambda lignes, une: Ligne(lignes.jour(une.passage.le), une.type.libelle, "Demande", ""),
    Partenaire: lambda lignes, un: Ligne(None, un.nom, "Partenaire", ""),
    Personne: lambda lignes, une: Ligne(None, "Bénévole", "", lignes.nom(une, None)),
    HeuresDeBenevolat: _heures,
    Initiative: lambda lignes, une: Ligne(une.nee_le, une.titre, une.get_genre_display(), ""),
    Satisfaction: lambda lignes, une: Ligne(
        lignes.jour(une.donnee_le), une.seance.activite.titre, une.get_reponse_display(), ""
    ),
}
_PREPARER: Final[dict[type[Model], Callable[[QuerySet[Any]], QuerySet[Any]]]] = {
    Seance: lambda lues: lues.select_related("activite"),
    Presence: lambda lues: lues.select_related("seance__activite", "personne"),
    VenueSansNom: lambda lues: lues.select_related("seance__activite"),
    Passage: lambda lues: lues.prefetch_related(
        Prefetch("demandes", Demande.objects.select_related("type").order_by("pk"))
    ),
    Demande: lambda lues: lues.select_related("passage", "type"),
    HeuresDeBenevolat: lambda lues: lues.select_related("activite", "seance__activite", "benevole__personne"),
    Satisfaction: lambda lues: lues.select_related("seance__activite"),
}
"""Ce qu'il faut lire avec chaque ligne pour la dire sans autre requête."""
