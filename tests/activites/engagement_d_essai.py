"""Fabriques de ce que les habitants portent, et un objet de chaque pour la table d'accès."""

from datetime import date
from typing import Any

import factory
from factory.django import DjangoModelFactory

from maillage.activites.choices import EtatInitiative
from maillage.activites.models import Initiative, SuiviDInitiative
from tests.distribution import Distribution
from tests.fabriques import StructureFactory


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


def adresses_de_l_engagement(distribution: Distribution) -> dict[str, Any]:
    initiative = InitiativeFactory(structure=distribution.deux_ponts)
    return {
        **dict.fromkeys(("initiative", "initiative_modifier"), {"pk": initiative.pk}),
        "initiative_defaire": {"pk": initiative.suivis.get().pk},
    }
