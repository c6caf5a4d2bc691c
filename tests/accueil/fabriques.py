"""Fabriques de l'accueil."""

from datetime import datetime
from uuid import uuid4

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from maillage.accueil.models import Demande, DemandeASuivre, Passage, TypeDeDemande
from maillage.territoire.models import Structure
from tests.fabriques import StructureFactory


class TypeDeDemandeFactory(DjangoModelFactory[TypeDeDemande]):
    class Meta:
        model = TypeDeDemande

    structure = factory.SubFactory(StructureFactory)
    libelle = factory.Sequence(lambda n: f"Demande {n}")
    icone = "circle-help"
    rang = factory.Sequence(lambda n: n + 1)


class PassageFactory(DjangoModelFactory[Passage]):
    class Meta:
        model = Passage

    structure = factory.SubFactory(StructureFactory)
    cle = factory.LazyFunction(uuid4)
    le = factory.LazyFunction(timezone.now)


class DemandeASuivreFactory(DjangoModelFactory[DemandeASuivre]):
    class Meta:
        model = DemandeASuivre

    structure = factory.SubFactory(StructureFactory)
    objet = "Retrouver le numéro d’allocataire"
    a_faire_avant = factory.LazyFunction(timezone.localdate)


def passages(
    centre: Structure, un_type: TypeDeDemande, le: datetime, combien: int = 1, **champs: object
) -> list[Passage]:
    """Des passages au même instant, chacun avec cette demande."""
    faits = PassageFactory.create_batch(combien, structure=centre, le=le, **champs)
    Demande.objects.bulk_create(Demande(passage=passage, type=un_type) for passage in faits)
    return faits
