"""Les collections : des fiches choisies, avec un mot sur chacune, que l'on partage et que l'on imprime."""

from django.db import models

from maillage.catalogue.models.experience import Experience
from maillage.catalogue.querysets import CollectionQuerySet, ElementCollectionQuerySet
from maillage.comptes.models import Utilisateur
from maillage.core.models import Versionnee
from maillage.territoire.models import Structure


class Collection(Versionnee):
    """Partagée, elle se lit sans compte par son adresse ; sinon, seules les personnes de la structure la voient."""

    code = models.CharField(max_length=16, unique=True)
    titre = models.CharField(max_length=200)
    note = models.TextField("présentation", blank=True)
    structure = models.ForeignKey(
        Structure, models.PROTECT, null=True, blank=True, related_name="collections"
    )
    auteur = models.ForeignKey(Utilisateur, models.PROTECT, related_name="collections")
    est_partagee = models.BooleanField("partagée", default=False)
    experiences = models.ManyToManyField(Experience, through="ElementCollection", related_name="collections")

    objects = CollectionQuerySet.as_manager()

    class Meta:
        ordering = ["-modifie_le", "-pk"]

    def __str__(self) -> str:
        return self.titre


class ElementCollection(models.Model):
    """Une fiche à sa place dans une collection, et pourquoi elle y est. Retirée, elle garde sa note : on se ravise."""

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="elements")
    experience = models.ForeignKey(Experience, models.PROTECT, related_name="+")
    note = models.TextField(blank=True)
    rang = models.PositiveSmallIntegerField(default=0)
    retire_le = models.DateTimeField("retiré le", null=True, blank=True)

    objects = ElementCollectionQuerySet.as_manager()

    class Meta:
        verbose_name = "élément d'une collection"
        verbose_name_plural = "éléments d'une collection"
        ordering = ["rang", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "experience"],
                name="fiche_une_fois_par_collection",
                violation_error_message="Cette fiche est déjà dans la collection.",
            )
        ]

    @property
    def fiche(self) -> Experience:
        """Celle qu'on lit : un doublon réuni se lit dans la fiche qui l'a gardé."""
        return self.experience.fusionnee_dans or self.experience
