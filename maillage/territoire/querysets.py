"""Lectures du territoire, dans les mots du métier."""

from datetime import date, timedelta
from typing import Any

from django.db import models
from django.db.models import Q

from maillage.territoire.choices import EtatStructure


class StructureQuerySet(models.QuerySet[Any]):
    def ouvertes(self) -> "StructureQuerySet":
        return self.exclude(etat=EtatStructure.FERMEE)

    def visibles(self) -> "StructureQuerySet":
        """Celles dont la page est publique : une structure fermée garde sa page, avec la mention."""
        return self.all()

    def desservant(self, *, commune_insee: str) -> "StructureQuerySet":
        """Structures dont la zone d'intervention ou un site couvre cette commune."""
        return (
            self.ouvertes()
            .filter(Q(dessertes__commune_id=commune_insee) | Q(sites__commune_id=commune_insee))
            .distinct()
        )


class AgrementQuerySet(models.QuerySet[Any]):
    def en_cours(self, le: date) -> "AgrementQuerySet":
        return self.filter(du__lte=le, au__gte=le)


class FermetureQuerySet(models.QuerySet[Any]):
    def a_annoncer(self, le: date) -> "FermetureQuerySet":
        """Fermetures en cours ou dans les quatorze jours : assez tôt pour s'organiser, pas plus."""
        return self.filter(au__gte=le, du__lte=le + timedelta(days=14)).order_by("du", "pk")
