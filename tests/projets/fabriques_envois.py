"""Fabriques de ce qui est transmis, et un petit document."""

from datetime import date
from typing import Any
from uuid import uuid4

import factory
from factory.django import DjangoModelFactory

from maillage.core import fichiers
from maillage.core.documents.description import Document, Paragraphe, Section, Tableau
from maillage.core.documents.garde import empreinte_de, en_donnees
from maillage.projets.choices import GenreEnvoi, SensAvis
from maillage.projets.models import (
    Annotation,
    Avis,
    DemandeDeComplements,
    Envoi,
    Lettre,
    Partage,
    PointACompleter,
    ProjetSocial,
)
from maillage.territoire.choices import GenreInstitution
from tests.distribution import Distribution
from tests.fabriques import InstitutionFactory
from tests.fichiers_d_essai import pdf
from tests.projets.fabriques import ProjetSocialFactory

PDF = pdf(1)


def document_d_essai(texte: str = "Le quartier compte deux ponts.", places: int = 12) -> Document:
    return Document(
        titre="Projet social d’essai",
        auteur="Centre social des Deux-Ponts",
        date=date(2026, 1, 5),
        sections=(
            Section("Le quartier", (Paragraphe(texte),), ancre="quartier"),
            Section(
                "Les places",
                (
                    Tableau(
                        "Places par an",
                        ("Action", "Places"),
                        (("Vélo", str(places)), ("Jardin", "8")),
                        a_entetes_de_ligne=True,
                    ),
                ),
            ),
        ),
    )


class EnvoiFactory(DjangoModelFactory[Envoi]):
    class Meta:
        model = Envoi

    class Params:
        bilan = factory.Trait(genre=GenreEnvoi.BILAN, annee=2025)

    projet = factory.SubFactory(ProjetSocialFactory, soumis=True)
    genre = GenreEnvoi.DOSSIER
    annee = 0
    numero = factory.LazyAttribute(
        lambda un: un.projet.envois.filter(genre=un.genre, annee=un.annee).count() + 1
    )
    contenu = factory.LazyFunction(lambda: en_donnees(document_d_essai()))
    pdf = factory.LazyFunction(lambda: fichiers.ranger("envois", "pdf", PDF))
    empreinte = factory.LazyAttribute(lambda un: empreinte_de({"contenu": un.contenu, "pieces": []}))
    empreinte_pdf = fichiers.empreinte(PDF)
    cle = factory.LazyFunction(lambda: uuid4().hex)


class PartageFactory(DjangoModelFactory[Partage]):
    class Meta:
        model = Partage

    envoi = factory.SubFactory(EnvoiFactory)
    institution = factory.SubFactory(
        InstitutionFactory, nom="Ville de Thiers", genre=GenreInstitution.COLLECTIVITE
    )


class AnnotationFactory(DjangoModelFactory[Annotation]):
    class Meta:
        model = Annotation

    envoi = factory.SubFactory(EnvoiFactory)
    texte = "Ce passage gagnerait à dire sa source."


class DemandeDeComplementsFactory(DjangoModelFactory[DemandeDeComplements]):
    class Meta:
        model = DemandeDeComplements

    envoi = factory.SubFactory(EnvoiFactory)


class PointACompleterFactory(DjangoModelFactory[PointACompleter]):
    class Meta:
        model = PointACompleter

    demande = factory.SubFactory(DemandeDeComplementsFactory)
    rang = 1
    texte = "Préciser la place des habitants."


class AvisFactory(DjangoModelFactory[Avis]):
    class Meta:
        model = Avis

    envoi = factory.SubFactory(EnvoiFactory)
    sens = SensAvis.FAVORABLE


class LettreFactory(DjangoModelFactory[Lettre]):
    class Meta:
        model = Lettre

    envoi = factory.SubFactory(EnvoiFactory)
    projet = factory.SelfAttribute("envoi.projet")
    institution = factory.SubFactory(InstitutionFactory, caf=True)
    annee = 2026
    numero = 1
    contenu = factory.LazyFunction(lambda: en_donnees(document_d_essai()))
    decidee_le = date(2026, 1, 20)


def donner_un_territoire(d: Distribution, projet: ProjetSocial | None = None) -> None:
    """La Caf de Denis conseille le département des Deux-Ponts."""
    structure = projet.structure if projet else d.deux_ponts
    d.caf.departements.set([structure.departement])


def representant(d: Distribution, institution: Any) -> None:
    """Léa y représente la ville, le temps d'un essai."""
    d.lea.appartenances.all().delete()
    d.lea.appartenances.create(institution=institution, role="ville")
    vars(d.lea).pop("appartenances_du_jour", None)
