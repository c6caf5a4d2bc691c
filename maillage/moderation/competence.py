"""Qui juge quoi : le territoire d'une modératrice, et ce qui monte quand il n'y a personne.

Une demande va aux modératrices de son département. S'il n'y en a pas, à celles de sa région ; à défaut, au réseau
national. Personne ne juge sa propre structure : si la seule modératrice du département y travaille, la demande monte.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Q

from maillage.comptes.choices import Role
from maillage.comptes.models import Appartenance, Utilisateur
from maillage.comptes.permissions import a_role, structures_de
from maillage.territoire.models import Departement


@dataclass(frozen=True)
class Moderatrice:
    """Ce qu'une modératrice couvre : des départements, des régions, ou tout (`est_nationale`)."""

    utilisateur_id: int
    departements: frozenset[str]
    regions: frozenset[str]
    structures: frozenset[int]
    """Où elle travaille aussi : elle n'en juge pas."""

    @property
    def est_nationale(self) -> bool:
        return not self.departements and not self.regions


class Competence:
    """Ce que cette personne peut juger aujourd'hui. Quatre requêtes, quel que soit le nombre de demandes."""

    def __init__(self, utilisateur: Any) -> None:
        self.utilisateur = utilisateur

    def filtre(self) -> Q:
        """Sur `Demande`. Vide pour qui n'est pas modératrice."""
        if not isinstance(self.utilisateur, Utilisateur):
            return Q(pk__in=[])
        if a_role(self.utilisateur, Role.ADMINISTRATRICE):
            return ~self._des_siennes
        moi = [m for m in self._toutes if m.utilisateur_id == self.utilisateur.pk]
        if not moi:
            return Q(pk__in=[])
        cas_particuliers = {structure for m in self._toutes for structure in m.structures}
        ordinaires = Q(structure__departement__in=self._departements(moi, self._toutes))
        if any(m.est_nationale for m in moi):
            ordinaires |= Q(structure=None) | Q(structure__departement=None)
        filtre = ordinaires & ~Q(structure__in=cas_particuliers)
        for structure in cas_particuliers:
            autres = [m for m in self._toutes if structure not in m.structures]
            siens = self._departements([m for m in moi if structure not in m.structures], autres)
            filtre |= Q(structure=structure, structure__departement__in=siens)
        return filtre & ~self._des_siennes

    @property
    def _des_siennes(self) -> Q:
        return Q(structure__in=structures_de(self.utilisateur))

    def _departements(self, moi: list[Moderatrice], toutes: list[Moderatrice]) -> set[str]:
        """Départements dont ces appartenances jugent, quand ce sont `toutes` les modératrices possibles."""
        directs = {code for m in toutes for code in m.departements}
        regions = {code for m in toutes for code in m.regions}
        siens = {code for m in moi for code in m.departements}
        mes_regions = {code for m in moi for code in m.regions}
        for departement, region in self._region_de.items():
            if departement in directs:
                continue
            if region in mes_regions or (region not in regions and any(m.est_nationale for m in moi)):
                siens.add(departement)
        return siens

    @cached_property
    def _region_de(self) -> dict[str, str]:
        return dict(Departement.objects.order_by().values_list("pk", "region_id"))

    @cached_property
    def _toutes(self) -> list[Moderatrice]:
        tenues = (
            Appartenance.objects.en_cours()
            .filter(role=Role.MODERATRICE, institution__isnull=False, utilisateur__is_active=True)
            .select_related("utilisateur")
            .prefetch_related("institution__departements", "institution__regions")
        )
        ailleurs: dict[int, set[int]] = {}
        ids = [tenue.utilisateur_id for tenue in tenues]
        en_structure = Appartenance.objects.en_cours().filter(utilisateur__in=ids, structure__isnull=False)
        for utilisateur_id, structure_id in en_structure.values_list("utilisateur_id", "structure_id"):
            ailleurs.setdefault(utilisateur_id, set()).add(structure_id)
        return [
            Moderatrice(
                tenue.utilisateur_id,
                frozenset(d.pk for d in tenue.institution.departements.all()),
                frozenset(r.pk for r in tenue.institution.regions.all()),
                frozenset(ailleurs.get(tenue.utilisateur_id, ())),
            )
            for tenue in tenues
        ]
