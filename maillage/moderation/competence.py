"""Qui juge quoi : le territoire d'une modératrice, et ce qui monte quand il n'y a personne.

Une demande va aux modératrices de son département. S'il n'y en a pas, à celles de sa région ; à défaut, au réseau
national, qui a aussi ce qui n'a pas de département. Personne ne juge sa propre structure : si la seule modératrice
du département y travaille, la demande monte. L'administration voit tout le reste, pour qu'aucune ne se perde.
"""

from collections import defaultdict
from collections.abc import Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Q

from maillage.comptes.choices import Role
from maillage.comptes.models import Appartenance
from maillage.comptes.permissions import a_role, structures_de
from maillage.territoire.models import Departement, Structure

Personnes = dict[Any, set[int]]


@dataclass
class Mandats:
    """Les modératrices du jour (numéros de compte), par territoire. Une institution sans territoire est nationale."""

    departements: Personnes = field(default_factory=lambda: defaultdict(set))
    regions: Personnes = field(default_factory=lambda: defaultdict(set))
    nationales: set[int] = field(default_factory=set)

    @property
    def toutes(self) -> set[int]:
        return set().union(self.nationales, *self.departements.values(), *self.regions.values())


class Competence:
    """Ce que cette personne peut juger aujourd'hui. Quatre requêtes au plus, quel que soit le nombre de demandes."""

    def __init__(self, utilisateur: Any) -> None:
        self.utilisateur = utilisateur

    def filtre(self) -> Q:
        """Sur `Demande`. Ne laisse rien à qui n'est pas modératrice."""
        if a_role(self.utilisateur, Role.ADMINISTRATRICE):
            return ~Q(structure__in=structures_de(self.utilisateur))
        if not a_role(self.utilisateur, Role.MODERATRICE):
            return Q(pk__in=[])
        ordinaires = Q(structure__departement__in=[code for code in self._regions if self._juge(code)])
        if self._juge(None):
            ordinaires |= Q(structure__departement=None)
        a_part = self._structures_de_moderatrices
        siennes = [pk for pk, (departement, sauf) in a_part.items() if self._juge(departement, sauf=sauf)]
        return (ordinaires & ~Q(structure__in=a_part)) | Q(structure__in=siennes)

    def _juge(self, departement: str | None, *, sauf: Set[int] = frozenset()) -> bool:
        """Cette personne juge-t-elle pour ce département, quand celles de `sauf` ne le peuvent pas ?"""
        mandats = self._mandats
        return self.utilisateur.pk in (
            mandats.departements.get(departement, set()) - sauf
            or mandats.regions.get(self._regions.get(departement or ""), set()) - sauf
            or mandats.nationales - sauf
        )

    @cached_property
    def _regions(self) -> dict[str, str]:
        """La région de chaque département."""
        return dict(Departement.objects.order_by().values_list("pk", "region_id"))

    @cached_property
    def _mandats(self) -> Mandats:
        mandats = Mandats()
        tenus = (
            Appartenance.objects.en_cours()
            .filter(role=Role.MODERATRICE, institution__isnull=False, utilisateur__is_active=True)
            .order_by()
            .values_list("utilisateur_id", "institution__departements", "institution__regions")
        )
        for personne, departement, region in tenus:
            if departement:
                mandats.departements[departement].add(personne)
            if region:
                mandats.regions[region].add(personne)
            if not departement and not region:
                mandats.nationales.add(personne)
        return mandats

    @cached_property
    def _structures_de_moderatrices(self) -> dict[int, tuple[str | None, set[int]]]:
        """Structure → son département, et les modératrices qui y travaillent : elle se juge à part, sans elles.

        « Y travailler » suit `Utilisateur.structures_du_jour`, pour toutes les modératrices en deux requêtes.
        """
        par_structure: Personnes = defaultdict(set)
        par_gestionnaire: Personnes = defaultdict(set)
        lieux = (
            Appartenance.objects.en_cours()
            .filter(utilisateur__in=self._mandats.toutes, institution=None)
            .order_by()
            .values_list("utilisateur_id", "structure_id", "gestionnaire_id")
        )
        for personne, structure, gestionnaire in lieux:
            if structure:
                par_structure[structure].add(personne)
            else:
                par_gestionnaire[gestionnaire].add(personne)
        if not par_structure and not par_gestionnaire:
            return {}
        siennes = Q(pk__in=par_structure) | Q(gestionnaire__in=par_gestionnaire)
        reprises = Q(remplacee_par__in=par_structure) | Q(remplacee_par__gestionnaire__in=par_gestionnaire)
        return {
            pk: (
                departement,
                par_structure[pk]
                | par_structure[reprise]
                | par_gestionnaire[gestionnaire]
                | par_gestionnaire[gestionnaire_de_reprise],
            )
            for pk, departement, reprise, gestionnaire, gestionnaire_de_reprise in Structure.objects.filter(
                siennes | reprises
            )
            .order_by()
            .values_list(
                "pk",
                "departement_id",
                "remplacee_par_id",
                "gestionnaire_id",
                "remplacee_par__gestionnaire_id",
            )
        }
