"""Fabriques des personnes. Tous les noms sont inventés."""

from typing import Any

import factory
from factory.django import DjangoModelFactory

from maillage.personnes.choices import ChampDePersonne, EtatPersonne
from maillage.personnes.models import ChampOuvert, Foyer, MembreDeFoyer, Personne, Provenance
from maillage.personnes.noms import nom_cherche
from maillage.territoire.models import Structure
from tests.fabriques import StructureFactory


class ProvenanceFactory(DjangoModelFactory[Provenance]):
    class Meta:
        model = Provenance

    structure = factory.SubFactory(StructureFactory)
    nom = factory.Sequence(lambda n: f"Le Moulin {n}")


class PersonneFactory(DjangoModelFactory[Personne]):
    class Meta:
        model = Personne

    class Params:
        gelee = factory.Trait(etat=EtatPersonne.LIMITEE)

    structure = factory.SubFactory(StructureFactory)
    prenom = "Adam"
    nom = factory.Sequence(lambda n: f"Berger {n}")
    nom_cherche = factory.LazyAttribute(lambda personne: nom_cherche(personne.prenom, personne.nom))


class FoyerFactory(DjangoModelFactory[Foyer]):
    class Meta:
        model = Foyer

    structure = factory.SubFactory(StructureFactory)
    nom = factory.Sequence(lambda n: f"Foyer Berger {n}")


class MembreDeFoyerFactory(DjangoModelFactory[MembreDeFoyer]):
    class Meta:
        model = MembreDeFoyer

    foyer = factory.SubFactory(FoyerFactory)
    personne = factory.SubFactory(PersonneFactory, structure=factory.SelfAttribute("..foyer.structure"))


def ouvrir_les_champs(structure: Structure, *champs: ChampDePersonne, **details: Any) -> None:
    """Comme si la direction les avait ouverts ; sans nom de champ, tous."""
    for champ in champs or ChampDePersonne:
        ChampOuvert.objects.get_or_create(structure=structure, champ=champ, defaults=details)
