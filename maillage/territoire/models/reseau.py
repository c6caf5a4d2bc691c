"""Autour des structures : les institutions et leur territoire, les partenaires."""

from django.db import models

from maillage.territoire.choices import GenreInstitution
from maillage.territoire.models.lieux import Departement, Region


class Institution(models.Model):
    """Fédération, Caf, collectivité ou réseau national, avec son territoire ; vide = toute la France."""

    nom = models.CharField(max_length=200, unique=True)
    genre = models.CharField(max_length=20, choices=GenreInstitution)
    departements = models.ManyToManyField(Departement, blank=True, related_name="institutions")
    regions = models.ManyToManyField(Region, blank=True, related_name="institutions")

    class Meta:
        ordering = ["nom"]

    def __str__(self) -> str:
        return self.nom


class Partenaire(models.Model):
    """Organisme qui agit avec des structures ou les finance. Le rôle est porté par le lien, pas par lui."""

    nom = models.CharField(max_length=200)
    slug = models.SlugField(max_length=120, unique=True)
    nom_source = models.CharField(
        "nom dans la source", max_length=200, blank=True, help_text="Graphie d'échange, quand elle diffère."
    )

    class Meta:
        ordering = ["nom", "pk"]

    def __str__(self) -> str:
        return self.nom
