"""Fabriques du projet social. `arbre_d_essai` donne un petit projet complet des Deux-Ponts."""

from datetime import date
from typing import Any

import factory
from django.utils import timezone
from django.utils.crypto import get_random_string
from factory.django import DjangoModelFactory

from maillage.projets.choices import (
    Couleur,
    EtatProjet,
    GenreProjetSpecifique,
    GenreZone,
    ListeIndicateur,
    StatutFiche,
)
from maillage.projets.models import (
    Axe,
    DemandeAgrement,
    Enjeu,
    EtapeRetroplanning,
    FicheAction,
    Indicateur,
    Instance,
    Morceau,
    Objectif,
    ProjetSocial,
    ProjetSpecifique,
    Rattachement,
    Tache,
    Zone,
)
from maillage.territoire.choices import TypeAgrement
from maillage.territoire.models import Structure
from tests.fabriques import InstitutionFactory, StructureFactory


class ProjetSocialFactory(DjangoModelFactory[ProjetSocial]):
    class Meta:
        model = ProjetSocial

    class Params:
        soumis = factory.Trait(etat=EtatProjet.SOUMIS)
        en_cours = factory.Trait(etat=EtatProjet.EN_COURS)

    structure = factory.SubFactory(StructureFactory)
    nom = factory.LazyAttribute(lambda projet: f"Projet social {projet.du.year}-{projet.au.year}")
    du = date(2025, 1, 1)
    au = date(2028, 12, 31)
    jeton_agenda = factory.LazyFunction(lambda: get_random_string(32))


class ZoneFactory(DjangoModelFactory[Zone]):
    class Meta:
        model = Zone

    projet = factory.SubFactory(ProjetSocialFactory)
    nom = "Hameau du Moulin"
    genre = GenreZone.SECTEUR


class DemandeAgrementFactory(DjangoModelFactory[DemandeAgrement]):
    class Meta:
        model = DemandeAgrement

    projet = factory.SubFactory(ProjetSocialFactory)
    type = TypeAgrement.ANIMATION_GLOBALE
    regle = "circulaire_2012"
    deposee_le = date(2024, 10, 1)


class TacheFactory(DjangoModelFactory[Tache]):
    class Meta:
        model = Tache

    projet = factory.SubFactory(ProjetSocialFactory)
    titre = "Inviter au débat"
    echeance = factory.LazyFunction(timezone.localdate)


class EtapeRetroplanningFactory(DjangoModelFactory[EtapeRetroplanning]):
    class Meta:
        model = EtapeRetroplanning

    institution = factory.SubFactory(InstitutionFactory, caf=True)
    mois_avant = 9
    titre = "Rencontrer le conseiller"


class InstanceFactory(DjangoModelFactory[Instance]):
    class Meta:
        model = Instance

    projet = factory.SubFactory(ProjetSocialFactory)
    nom = "Comité d’usagers"
    composition = "Dix habitants"


class MorceauFactory(DjangoModelFactory[Morceau]):
    class Meta:
        model = Morceau

    projet = factory.SubFactory(ProjetSocialFactory)
    ligne_debut = 12
    ligne_fin = 14
    texte = "Un passage que rien ne reconnaît."


class AxeFactory(DjangoModelFactory[Axe]):
    class Meta:
        model = Axe

    projet = factory.SubFactory(ProjetSocialFactory)
    lettre = "A"
    titre = "Faire valoir ses droits"
    couleur = Couleur.CORAIL
    rang = 1


class EnjeuFactory(DjangoModelFactory[Enjeu]):
    class Meta:
        model = Enjeu

    axe = factory.SubFactory(AxeFactory)
    titre = "Que personne ne renonce à une aide"
    rang = 1


class ObjectifFactory(DjangoModelFactory[Objectif]):
    class Meta:
        model = Objectif

    enjeu = factory.SubFactory(EnjeuFactory)
    titre = "Rendre les démarches plus simples"
    rang = 1


class FicheActionFactory(DjangoModelFactory[FicheAction]):
    """Donnez `objectif=` : l'axe et le projet suivent. Ou `projet=` seul : une fiche à ranger."""

    class Meta:
        model = FicheAction

    objectif: Any = None
    axe = factory.LazyAttribute(lambda fiche: fiche.objectif.enjeu.axe if fiche.objectif else None)
    projet = factory.LazyAttribute(lambda fiche: fiche.axe.projet if fiche.axe else ProjetSocialFactory())
    rang = 1
    titre = "Permanences d’écrivain public"
    statut = StatutFiche.EVOLUTION
    annees = factory.LazyFunction(lambda: [2025, 2026])


class ProjetSpecifiqueFactory(DjangoModelFactory[ProjetSpecifique]):
    class Meta:
        model = ProjetSpecifique

    projet = factory.SubFactory(ProjetSocialFactory)
    genre = GenreProjetSpecifique.FAMILLES
    nom = "Projet familles"


class IndicateurFactory(DjangoModelFactory[Indicateur]):
    class Meta:
        model = Indicateur

    fiche = factory.SubFactory(FicheActionFactory)
    liste = ListeIndicateur.QUANTITATIVE
    libelle = "Nombre de permanences tenues"
    unite = "permanences"


def arbre_d_essai(structure: Structure, **projet: Any) -> ProjetSocial:
    """Deux axes, trois enjeux, quatre objectifs, six fiches dont une citée deux fois et une à ranger."""
    social: ProjetSocial = ProjetSocialFactory(structure=structure, **projet)
    droits = AxeFactory(projet=social)
    liens = AxeFactory(projet=social, lettre="B", titre="Vivre ensemble", couleur=Couleur.SAUGE, rang=2)
    acces = EnjeuFactory(axe=droits)
    travail = EnjeuFactory(axe=droits, titre="Trouver sa place dans le travail", rang=2)
    voisins = EnjeuFactory(axe=liens, titre="Que les voisins se connaissent")
    demarches = ObjectifFactory(enjeu=acces)
    bouger = ObjectifFactory(enjeu=acces, titre="Se déplacer, partir, souffler", rang=2)
    emploi = ObjectifFactory(enjeu=travail, titre="Préparer un retour au travail")
    rencontres = ObjectifFactory(enjeu=voisins, titre="Multiplier les occasions de se rencontrer")
    FicheActionFactory(objectif=demarches)
    clics = FicheActionFactory(
        objectif=demarches, rang=2, titre="Le café des clics au marché", statut=StatutFiche.NOUVELLE
    )
    FicheActionFactory(objectif=bouger, titre="Le prêt de vélos", statut=StatutFiche.EXISTANTE)
    FicheActionFactory(objectif=emploi, titre="Rendez-vous emploi du mardi")
    FicheActionFactory(objectif=rencontres, titre="La fête des paliers")
    FicheActionFactory(projet=social, titre="Une idée d’habitants, à ranger", statut="")
    Rattachement.objects.create(fiche=clics, objectif=rencontres)
    return social
