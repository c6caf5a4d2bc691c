"""Lectures du catalogue, dans les mots du métier."""

from typing import Any

from django.db import models

from maillage.catalogue.choices import EtatContribution, EtatExperience, EtatPiece, GenreContribution
from maillage.comptes.permissions import structures_de
from maillage.moderation.permissions import filtre_de_competence


class ExperienceQuerySet(models.QuerySet[Any]):
    def publiees(self) -> "ExperienceQuerySet":
        return self.filter(etat=EtatExperience.PUBLIEE)

    def retirees(self) -> "ExperienceQuerySet":
        return self.filter(etat=EtatExperience.RETIREE)

    def visibles_par(self, utilisateur: Any) -> "ExperienceQuerySet":
        """Chacun lit les fiches publiées. Ce qui s'écrit se voit par sa contribution, jamais par ici."""
        return self.publiees()

    def jugees_par(self, utilisateur: Any) -> "ExperienceQuerySet":
        """Celles du territoire d'une modératrice, sauf celles de ses structures."""
        return self.filter(filtre_de_competence(utilisateur))

    def suivies_par(self, utilisateur: Any) -> "ExperienceQuerySet":
        """Dans tous leurs états : celles de ses structures, et celles que l'on juge."""
        return self.filter(
            models.Q(structure__in=structures_de(utilisateur)) | filtre_de_competence(utilisateur)
        )

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
        """Avec tout ce qu'une page ou un export montre, en six requêtes. Ni les blocs sources, ni les pièces."""
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


class ContributionQuerySet(models.QuerySet[Any]):
    def ouvertes(self) -> "ContributionQuerySet":
        """Encore chez leur auteur : en écriture, ou à reprendre."""
        return self.filter(etat__in=[EtatContribution.EN_ECRITURE, EtatContribution.A_REPRENDRE])

    def soumises(self) -> "ContributionQuerySet":
        return self.filter(etat=EtatContribution.SOUMISE)

    def redactions_en_cours(self) -> "ContributionQuerySet":
        """Celles d'un centre que rien n'a encore closes : une seule par fiche."""
        return (self.ouvertes() | self.soumises()).exclude(genre=GenreContribution.CORRECTION)

    def redigees_par(self, utilisateur: Any) -> "ContributionQuerySet":
        """Celles de ses structures, que les collègues partagent. Une correction de lecteur n'en est pas."""
        return self.filter(experience__structure__in=structures_de(utilisateur)).exclude(
            genre=GenreContribution.CORRECTION
        )

    def suivies_par(self, utilisateur: Any) -> "ContributionQuerySet":
        """Celles de ses structures ; et, pour une modératrice de leur territoire, celles qui lui ont été confiées."""
        experiences: Any = self.model._meta.get_field("experience").related_model
        jugees = experiences._default_manager.all().jugees_par(utilisateur).order_by()
        siennes = models.Q(experience__structure__in=structures_de(utilisateur))
        confiees = models.Q(soumise_le__isnull=False, experience__in=jugees)
        return self.filter(siennes | confiees).exclude(genre=GenreContribution.CORRECTION)


class PieceJointeQuerySet(models.QuerySet[Any]):
    def publiees(self) -> "PieceJointeQuerySet":
        """Celles que chacun voit."""
        return self.filter(etat=EtatPiece.PUBLIEE, experience__etat=EtatExperience.PUBLIEE)

    def presentes(self) -> "PieceJointeQuerySet":
        return self.exclude(etat=EtatPiece.RETIREE)

    def visibles_par(self, utilisateur: Any) -> "PieceJointeQuerySet":
        """Les publiées ; et, pour son centre et les modératrices de son territoire, toutes les autres."""
        if not utilisateur.is_authenticated:
            return self.publiees()
        experiences: Any = self.model._meta.get_field("experience").related_model
        suivies = experiences._default_manager.all().suivies_par(utilisateur).order_by()
        return self.filter(
            models.Q(etat=EtatPiece.PUBLIEE, experience__etat=EtatExperience.PUBLIEE)
            | models.Q(experience__in=suivies)
        )


class CollectionQuerySet(models.QuerySet[Any]):
    def lisibles_par(self, utilisateur: Any) -> "CollectionQuerySet":
        """Les collections partagées, les siennes, et celles de ses structures."""
        siennes = self.modifiables_par(utilisateur)
        return (self.filter(est_partagee=True) | siennes).distinct()

    def modifiables_par(self, utilisateur: Any) -> "CollectionQuerySet":
        a_soi = models.Q(auteur_id=utilisateur.pk, structure=None) if utilisateur.pk else models.Q(pk__in=[])
        return self.filter(a_soi | models.Q(structure__in=structures_de(utilisateur)))


class ElementCollectionQuerySet(models.QuerySet[Any]):
    def presents(self) -> "ElementCollectionQuerySet":
        return self.filter(retire_le=None)

    def avec_leur_fiche(self) -> "ElementCollectionQuerySet":
        """Avec la fiche de chacun, et celle qui l'a réunie si c'était un doublon."""
        return self.presents().select_related(
            "experience__structure__departement", "experience__fusionnee_dans__structure__departement"
        )
