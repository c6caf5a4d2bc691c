"""Fabriques de ce que les habitants portent, et un objet de chaque pour la table d'accès."""

from datetime import date
from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from maillage.activites.choices import EtatInitiative
from maillage.activites.models import (
    Benevole,
    FormationDeBenevole,
    HeuresDeBenevolat,
    Initiative,
    SuiviDInitiative,
)
from tests.activites.fabriques import SeanceFactory
from tests.distribution import Distribution
from tests.fabriques import StructureFactory
from tests.personnes.fabriques import PersonneFactory


class InitiativeFactory(DjangoModelFactory[Initiative]):
    """Accueillie en janvier, à l'état d'idée."""

    class Meta:
        model = Initiative
        skip_postgeneration_save = True

    structure = factory.SubFactory(StructureFactory)
    titre = "Un composteur place du Moulin"
    portee_par = "Les voisins du Moulin"
    nee_le = date(2026, 1, 12)

    @factory.post_generation
    def naissance(objet: Any, cree: bool, extrait: Any, **kwargs: Any) -> None:
        SuiviDInitiative.objects.create(initiative=objet, le=objet.nee_le, etat=EtatInitiative.IDEE)


class BenevoleFactory(DjangoModelFactory[Benevole]):
    class Meta:
        model = Benevole

    personne = factory.SubFactory(PersonneFactory)
    structure = factory.SelfAttribute("personne.structure")
    depuis = date(2026, 1, 5)
    missions = "Aide aux devoirs"


class HeuresFactory(DjangoModelFactory[HeuresDeBenevolat]):
    """Deux heures, un jour de mars."""

    class Meta:
        model = HeuresDeBenevolat

    structure = factory.SubFactory(StructureFactory)
    jour = date(2026, 3, 2)
    heures = Decimal(2)
    mission = "Buvette"


class FormationFactory(DjangoModelFactory[FormationDeBenevole]):
    class Meta:
        model = FormationDeBenevole

    benevole = factory.SubFactory(BenevoleFactory)
    titre = "Premiers secours"
    jour = date(2026, 2, 7)
    heures = Decimal(7)


def adresses_de_l_engagement(distribution: Distribution) -> dict[str, Any]:
    initiative = InitiativeFactory(structure=distribution.deux_ponts)
    benevole = BenevoleFactory(personne__structure=distribution.deux_ponts)
    lui = ("benevole", "benevole_modifier", "benevole_heures", "benevole_formation", "benevole_attestation")
    return {
        **dict.fromkeys(lui, {"pk": benevole.pk}),
        "formation_retirer": {"pk": FormationFactory(benevole=benevole).pk},
        "heures_retirer": {"pk": HeuresFactory(structure=distribution.deux_ponts).pk},
        "benevolat_fichier": {"annee": 2026, "extension": "xlsx"},
        "seance_benevolat": {"pk": SeanceFactory(activite__structure=distribution.deux_ponts).pk},
        **dict.fromkeys(("initiative", "initiative_modifier"), {"pk": initiative.pk}),
        "initiative_defaire": {"pk": initiative.suivis.get().pk},
    }
