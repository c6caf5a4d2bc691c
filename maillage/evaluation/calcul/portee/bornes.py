"""Ce qui borne toute mesure : le périmètre, la période, les activités, les gens que la définition désigne."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any, Final

from django.db.models import ExpressionWrapper, F, IntegerField, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from maillage.accueil.models import TypeDeDemande
from maillage.activites.choices import EtatSeance, RoleDePresence
from maillage.activites.models import Activite
from maillage.evaluation.calcul.centre import Centre
from maillage.evaluation.choices import Filtre, Mesure, Perimetre
from maillage.evaluation.definitions import Definition
from maillage.personnes.choices import BORNES_D_AGE, DEBUT_DE_BANDE, BandeAge, TrancheAge
from maillage.projets.models import FicheAction
from maillage.projets.periodes import Periode

Lignes = QuerySet[Any]
DU_COMPTOIR: Final = frozenset({Mesure.PASSAGES, Mesure.DEMANDES_PAR_TYPE})


def bandes_de(ages: Iterable[str]) -> list[str]:
    """Les bandes d'âge sans nom qui tiennent dans une de ces tranches : une tranche en est toujours une suite."""
    return [
        str(bande)
        for bande in BandeAge
        if any(
            bas <= DEBUT_DE_BANDE[bande] and (haut is None or DEBUT_DE_BANDE[bande] <= haut)
            for bas, haut in (BORNES_D_AGE[TrancheAge(age)] for age in ages)
        )
    ]


def age_alors(jour: Combinable, naissance: str) -> Coalesce:
    """L'âge de la personne l'année de cette ligne ; effacée, le début de sa bande, que la ligne garde."""
    connu = ExpressionWrapper(jour - F(naissance), output_field=IntegerField())
    return Coalesce("age", connu, output_field=IntegerField())


class Bornes:
    """`fiche` : l'action comptée ; None quand la définition porte sur tout le centre, hors d'un projet."""

    def __init__(
        self,
        centre: Centre,
        definition: Definition,
        mesure: Mesure,
        fiche: FicheAction | None,
        periode: Periode,
    ) -> None:
        self.centre = centre
        self.definition = definition
        self.mesure = mesure
        self.fiche = fiche
        self.periode = periode

    def valeurs(self, filtre: Filtre) -> tuple[str, ...]:
        return self.definition.valeurs(filtre, self.mesure)

    @property
    def est_du_centre(self) -> bool:
        return self.definition.perimetre == Perimetre.CENTRE

    @property
    def laisses(self) -> list[str]:
        """Les mots demandés qui ne se calculent pas, et sans lesquels on compte."""
        filtres = [Filtre.AUTRE]
        if self.mesure not in DU_COMPTOIR:
            filtres.append(Filtre.TYPE_DEMANDE)
        if self.mesure is Mesure.SATISFACTION:
            filtres += [Filtre.AGE, Filtre.GENRE, Filtre.QUARTIER, Filtre.ROLE]
        return [valeur for filtre in filtres for valeur in self.valeurs(filtre)]

    @property
    def activites_du_perimetre(self) -> list[Activite]:
        return [une for une in self.centre.activites if self.est_du_centre or self.est_de_la_fiche(une)]

    def est_de_la_fiche(self, objet: Activite | TypeDeDemande) -> bool:
        return self.fiche is not None and objet.fiche_id == self.fiche.pk

    @cached_property
    def _activites(self) -> set[int]:
        """Celles de la définition, sans le public : une personne peut le porter elle-même."""
        siennes = {une.pk for une in self.activites_du_perimetre}
        if instances := self.valeurs(Filtre.INSTANCE):
            siennes &= self.centre.activites_de_l_instance(instances)
        return siennes

    def _dans_la_periode(self, chemin: str) -> Q:
        return Q(**{f"{chemin}__gte": self.periode.debut, f"{chemin}__lt": self.periode.fin})

    def _de_la_seance(self, prefixe: str = "") -> Q:
        """Tenue, dans la période, d'une activité du périmètre, du genre demandé."""
        q = Q(
            **{f"{prefixe}etat": EtatSeance.TENUE, f"{prefixe}activite__in": sorted(self._activites)}
        ) & self._dans_la_periode(f"{prefixe}debut")
        if genres := self.valeurs(Filtre.GENRE_SEANCE):
            le_sien = Q(**{f"{prefixe}genre__in": genres})
            de_l_activite = Q(**{f"{prefixe}genre": "", f"{prefixe}activite__genre__in": genres})
            q &= le_sien | de_l_activite
        return q

    def _du_public(self, prefixe_activite: str, prefixe_personne: str = "") -> Q:
        """L'activité s'adresse à ce public, ou la personne en est."""
        publics = self.valeurs(Filtre.PUBLIC)
        if not publics:
            return Q()
        q = Q(**{f"{prefixe_activite}__in": sorted(self.centre.activites_pour(publics))})
        if prefixe_personne:
            q |= Q(**{f"{prefixe_personne}__in": sorted(self.centre.personnes_pour(publics))})
        return q

    @property
    def a_des_seances(self) -> bool:
        """Quelque chose a été noté, fût-ce une séance annulée : zéro est alors un vrai zéro."""
        posees = self.centre.activites_avec_seances(self.periode.debut, self.periode.fin)
        return any(une.pk in posees for une in self.activites_du_perimetre)

    @property
    def _roles(self) -> tuple[str, ...]:
        """Un bénévole se compte par ce rôle-là."""
        if self.mesure in {Mesure.BENEVOLES, Mesure.HEURES_BENEVOLAT}:
            return (RoleDePresence.BENEVOLE,)
        return self.valeurs(Filtre.ROLE)

    def _des_gens(self, age: str = "age", personne: str = "personne__") -> Q:
        """Âge, genre, quartier. `age` : ce qui le dit l'année de la ligne."""
        q = Q()
        if ages := self.valeurs(Filtre.AGE):
            tranches = Q()
            for bas, haut in (BORNES_D_AGE[TrancheAge(tranche)] for tranche in ages):
                tranches |= Q(**{f"{age}__gte": bas} | ({} if haut is None else {f"{age}__lte": haut}))
            q &= tranches
        if genres := self.valeurs(Filtre.GENRE):
            q &= Q(**{f"{personne}genre__in": genres})
        if quartiers := self.valeurs(Filtre.QUARTIER):
            q &= Q(**{f"{personne}provenance__in": sorted(self.centre.provenances_de(quartiers))})
        return q
