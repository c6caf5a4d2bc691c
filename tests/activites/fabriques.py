"""Fabriques des activités."""

from datetime import timedelta

import factory
from django.utils import timezone
from django.utils.crypto import get_random_string
from factory.django import DjangoModelFactory

from maillage.activites.models import Activite, Inscription, Presence, Seance
from tests.fabriques import StructureFactory
from tests.personnes.fabriques import PersonneFactory


class ActiviteFactory(DjangoModelFactory[Activite]):
    class Meta:
        model = Activite
        skip_postgeneration_save = True

    structure = factory.SubFactory(StructureFactory)
    titre = factory.Sequence(lambda rang: f"Aide aux devoirs {rang}")
    jeton_agenda = factory.LazyFunction(lambda: get_random_string(32))

    @factory.post_generation
    def animateurs(self, creee, qui, **_):  # type: ignore[no-untyped-def]
        if creee and qui:
            self.animateurs.add(*qui)  # type: ignore[attr-defined]


class SeanceFactory(DjangoModelFactory[Seance]):
    """Une séance d'une heure et demie, commencée il y a une heure."""

    class Meta:
        model = Seance

    activite = factory.SubFactory(ActiviteFactory)
    debut = factory.LazyFunction(lambda: timezone.now() - timedelta(hours=1))
    fin = factory.LazyAttribute(lambda seance: seance.debut + timedelta(minutes=90))


class InscriptionFactory(DjangoModelFactory[Inscription]):
    class Meta:
        model = Inscription

    activite = factory.SubFactory(ActiviteFactory)
    personne = factory.SubFactory(PersonneFactory, structure=factory.SelfAttribute("..activite.structure"))


class PresenceFactory(DjangoModelFactory[Presence]):
    class Meta:
        model = Presence

    seance = factory.SubFactory(SeanceFactory)
    personne = factory.SubFactory(
        PersonneFactory, structure=factory.SelfAttribute("..seance.activite.structure")
    )
