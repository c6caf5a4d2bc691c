"""Fabriques de la gouvernance et du budget."""

from datetime import date, timedelta
from decimal import Decimal

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from maillage.projets.choices import EtatReunion, GenreCollege, GenrePreuve, PorteeBudget
from maillage.projets.lecture_du_budget import Montants
from maillage.projets.models import (
    Budget,
    College,
    Decision,
    FicheAction,
    Financement,
    Mandat,
    PreuveDeParticipation,
    Reunion,
)
from maillage.projets.operations.budget import JAMAIS_ECRIT, BudgetVoulu
from tests.projets.fabriques import FicheActionFactory, InstanceFactory, ProjetSocialFactory


def il_y_a(jours: int) -> date:
    return timezone.localdate() - timedelta(days=jours)


class CollegeFactory(DjangoModelFactory[College]):
    class Meta:
        model = College

    instance = factory.SubFactory(InstanceFactory)
    genre = GenreCollege.HABITANTS
    sieges = 4


class MandatFactory(DjangoModelFactory[Mandat]):
    class Meta:
        model = Mandat

    college = factory.SubFactory(CollegeFactory)
    nom = "Fatou"
    du = factory.LazyFunction(lambda: il_y_a(400))
    au = factory.LazyFunction(lambda: il_y_a(-300))


class ReunionFactory(DjangoModelFactory[Reunion]):
    class Meta:
        model = Reunion

    class Params:
        tenue = factory.Trait(etat=EtatReunion.TENUE)
        a_venir = factory.Trait(le=factory.LazyFunction(lambda: il_y_a(-20)))

    instance = factory.SubFactory(InstanceFactory)
    le = factory.LazyFunction(lambda: il_y_a(10))


class DecisionFactory(DjangoModelFactory[Decision]):
    class Meta:
        model = Decision

    reunion = factory.SubFactory(ReunionFactory, tenue=True)
    texte = "Ouvrir une heure de plus le mercredi."


class PreuveFactory(DjangoModelFactory[PreuveDeParticipation]):
    class Meta:
        model = PreuveDeParticipation

    fiche = factory.SubFactory(FicheActionFactory)
    genre = GenrePreuve.RENCONTRE
    le = factory.LazyFunction(lambda: il_y_a(5))
    texte = "Douze voisins choisissent les plantes."
    habitants = 12


class BudgetFactory(DjangoModelFactory[Budget]):
    class Meta:
        model = Budget

    projet = factory.SubFactory(ProjetSocialFactory)
    annee = 2026
    portee = PorteeBudget.CENTRE


class FinancementFactory(DjangoModelFactory[Financement]):
    class Meta:
        model = Financement

    projet = factory.SubFactory(ProjetSocialFactory)
    annee = 2026
    nom = "Ville de Bourgoin-Jallieu"
    demande = Decimal("12000")


def voulu(
    prevu: dict[str, str],
    portee: PorteeBudget = PorteeBudget.CENTRE,
    fiche: FicheAction | None = None,
    version: int = JAMAIS_ECRIT,
    reels: dict[str, str] | None = None,
    **heures: str,
) -> BudgetVoulu:
    """Le budget que l'on voudrait écrire : compte → montant prévu, et réel dans `reels`."""
    reels = reels or {}
    montants = {
        compte: Montants(*(Decimal(dits[compte]) if compte in dits else None for dits in (prevu, reels)))
        for compte in prevu | reels
    }
    return BudgetVoulu(portee, fiche, version, montants, {nom: Decimal(dit) for nom, dit in heures.items()})
