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

    def en_liste(self) -> "ExperienceQuerySet":
        """Avec ce qu'une carte de résultat montre, en quatre requêtes."""
        return self.select_related("structure__departement__region", "structure__commune").prefetch_related(
            self._avec("classements", "terme"), "moyens", "points"
        )

    def dernieres(self, nombre: int, *, depart: int = 0) -> list[Any]:
        """Les plus récentes, complètes. Les numéros d'abord : trier des fiches entières coûterait cent fois plus."""
        pks = list(self.order_by("-publie_le", "-pk").values_list("pk", flat=True)[depart : depart + nombre])
        fiches = self.completes().in_bulk(pks)
        return [fiches[pk] for pk in pks if pk in fiches]

    def completes(self) -> "ExperienceQuerySet":
        """Avec tout ce qu'une page ou un export montre, en six requêtes. Les blocs sources restent à part."""
        sources = self._lies("sources").defer("bloc")
        return self.en_liste().prefetch_related(
            self._avec("partenariats", "partenaire"), models.Prefetch("sources", sources)
        )

    def _avec(self, relation: str, objet: str) -> "models.Prefetch[Any]":
        """Les lignes liées et leur objet, en une requête au lieu de deux."""
        return models.Prefetch(relation, self._lies(relation).select_related(objet))

    def _lies(self, relation: str) -> models.QuerySet[Any]:
        modele: Any = self.model._meta.get_field(relation).related_model
        return modele._default_manager.all()
