"""Fabriques des personnes."""

import factory
from factory.django import DjangoModelFactory

from maillage.personnes.models import Personne
from tests.fabriques import StructureFactory


class PersonneFactory(DjangoModelFactory[Personne]):
    class Meta:
        model = Personne

    structure = factory.SubFactory(StructureFactory)
    prenom = factory.Sequence(lambda rang: f"Adèle {rang}")
    nom = factory.Sequence(lambda rang: f"Brunet {rang}")
    nom_cherche = factory.LazyAttribute(lambda une: f"{une.nom} {une.prenom}".lower())
