"""Les séances, qui y est venu, qui y était inscrit, ce qu'on en a dit."""

from datetime import UTC
from functools import cached_property
from typing import Final

from django.db.models import BigIntegerField, Case, Exists, F, Min, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, ExtractYear

from maillage.activites.choices import EtatInscription
from maillage.activites.models import Activite, Inscription, Presence, Satisfaction, Seance, VenueSansNom
from maillage.evaluation.calcul.portee.bornes import Bornes, Lignes, age_alors, bandes_de
from maillage.evaluation.choices import Filtre
from maillage.personnes.models import MembreDeFoyer

PERSONNE_INCONNUE: Final = {
    Filtre.AGE: ("age", "âge"),
    Filtre.GENRE: ("personne__genre", "genre"),
    Filtre.QUARTIER: ("personne__provenance", "quartier"),
}
"""Filtre → le champ d'une présence qui le dit, et son nom."""


class Venues(Bornes):
    @property
    def seances(self) -> Lignes:
        return self.seances_pour_tous.filter(self._du_public("activite")).order_by("debut", "pk")

    @property
    def seances_pour_tous(self) -> Lignes:
        """Quel que soit le public : qui en est vient aussi aux activités qui ne le disent pas."""
        return Seance.objects.filter(self._de_la_seance())

    @property
    def activites(self) -> Lignes:
        """Celles qui ont eu une séance. L'âge d'une activité se lit de ses publics."""
        tenue = Seance.objects.filter(self._de_la_seance(), activite=OuterRef("pk"))
        q = self._du_public("pk")
        if ages := self.valeurs(Filtre.AGE):
            q &= Q(pk__in=sorted(self.centre.activites_pour(ages)))
        return Activite.objects.filter(Exists(tenue), q).order_by("titre", "pk")

    @property
    def presences(self) -> Lignes:
        lues = self._presences_notees
        if self.centre.gelees:
            lues = lues.exclude(personne__in=self.centre.gelees)
        return lues.order_by("seance__debut", "pk")

    @property
    def presences_par_foyer(self) -> Lignes:
        """`foyer` : le premier de la personne ; effacée, celui dont elle garde l'empreinte."""
        siens = MembreDeFoyer.objects.filter(personne=OuterRef("personne")).order_by().values("personne")
        premier = Subquery(siens.annotate(premier=Min("foyer")).values("premier"))
        encore = (
            When(personne__foyer_garde=gardee, then=Value(foyer))
            for gardee, foyer in self.centre.foyers_gardes.items()
        )
        garde = Case(*encore, default=F("personne__foyer_garde"), output_field=BigIntegerField())
        return self.presences.annotate(foyer=Coalesce(premier, garde, output_field=BigIntegerField()))

    @cached_property
    def venues_gelees(self) -> int:
        """Présences écartées parce que la fiche de la personne est gelée."""
        if not self.centre.gelees:
            return 0
        return int(self._presences_notees.filter(personne__in=self.centre.gelees).count())

    @property
    def _presences_notees(self) -> Lignes:
        lues = Presence.objects.filter(
            self._de_la_seance("seance__"),
            self._du_public("seance__activite", "personne"),
            self._des_gens(),
        )
        if roles := self._roles:
            lues = lues.filter(role__in=roles)
        return lues

    @property
    def sans_nom(self) -> Lignes:
        """Les venues sans nom. Aucune n'a de quartier."""
        lues = VenueSansNom.objects.filter(
            self._de_la_seance("seance__"), self._du_public("seance__activite"), nombre__gt=0
        )
        if self.valeurs(Filtre.QUARTIER):
            lues = lues.none()
        if ages := self.valeurs(Filtre.AGE):
            lues = lues.filter(bande__in=bandes_de(ages))
        if genres := self.valeurs(Filtre.GENRE):
            lues = lues.filter(genre__in=genres)
        if roles := self._roles:
            lues = lues.filter(role__in=roles)
        return lues.order_by("seance__debut", "pk")

    @property
    def inscriptions(self) -> Lignes:
        """Une place tenue un jour au moins de la période, même laissée depuis. L'âge est celui de l'année de
        l'inscription."""
        tenues = Q(finie_le=None, etat=EtatInscription.INSCRITE) | Q(finie_le__gte=self.periode.du)
        avec_leur_age = Inscription.objects.alias(
            age_alors=age_alors(ExtractYear("inscrite_le", tzinfo=UTC), "personne__naissance")
        )
        lues = avec_leur_age.filter(
            tenues,
            self._du_public("activite", "personne"),
            self._des_gens("age_alors"),
            activite__in=sorted(self._activites),
            inscrite_le__lt=self.periode.fin,
        ).exclude(personne__in=self.centre.gelees)
        if roles := self._roles:
            lues = lues.filter(role__in=roles)
        return lues.order_by("inscrite_le", "pk")

    def sans_l_information(self, filtre: Filtre) -> int:
        """Présences que ce filtre écarte faute de savoir."""
        champ, _ = PERSONNE_INCONNUE[filtre]
        vide = Q(**{f"{champ}__isnull": True}) if filtre is not Filtre.GENRE else Q(**{champ: ""})
        lues = Presence.objects.filter(self._de_la_seance("seance__"), vide)
        return int(lues.exclude(personne__in=self.centre.gelees).count())

    @property
    def satisfactions(self) -> Lignes:
        return Satisfaction.objects.filter(
            self._de_la_seance("seance__"), self._du_public("seance__activite")
        ).order_by("donnee_le", "pk")
