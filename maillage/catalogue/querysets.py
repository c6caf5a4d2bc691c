"""Lectures du catalogue, dans les mots du métier."""

from typing import Any

from django.db import models

from maillage.catalogue.choices import EtatExperience


class ExperienceQuerySet(models.QuerySet[Any]):
    def publiees(self) -> "ExperienceQuerySet":
        return self.filter(etat=EtatExperience.PUBLIEE)

    def retirees(self) -> "ExperienceQuerySet":
        return self.filter(etat=EtatExperience.RETIREE)

    def visibles_par(self, utilisateur: Any) -> "ExperienceQuerySet":
        """Aujourd'hui chacun lit les fiches publiées ; les brouillons viendront avec la contribution."""
        return self.publiees()

    def completes(self) -> "ExperienceQuerySet":
        """Avec tout ce qu'une page ou un export montre, en un nombre fixe de requêtes."""
        return self.select_related("structure__departement__region", "structure__commune").prefetch_related(
            "classements__terme", "partenariats__partenaire", "moyens", "points", "sources"
        )
