"""Fabriques de ce qui entoure l'envoi : pièces jointes, points relevés, versions de référentiel."""

import factory
from factory.django import DjangoModelFactory

from maillage.core import fichiers
from maillage.projets.models import PieceDuDossier, PointDeVerification, VersionDeReferentiel
from maillage.projets.operations.pieces import DOSSIER
from maillage.projets.referentiels import PAR_DEFAUT, texte_livre
from tests.fichiers_d_essai import pdf
from tests.projets.fabriques import ProjetSocialFactory

PDF = pdf(1)


class PieceDuDossierFactory(DjangoModelFactory[PieceDuDossier]):
    class Meta:
        model = PieceDuDossier

    projet = factory.SubFactory(ProjetSocialFactory)
    nom = "Lettre du comité"
    nom_du_fichier = "lettre.pdf"
    chemin = factory.LazyFunction(lambda: fichiers.ranger(DOSSIER, "pdf", PDF))
    type_mime = "application/pdf"
    taille = len(PDF)
    empreinte = fichiers.empreinte(PDF)


class PointDeVerificationFactory(DjangoModelFactory[PointDeVerification]):
    class Meta:
        model = PointDeVerification

    projet = factory.SubFactory(ProjetSocialFactory)
    cle = factory.Sequence(lambda rang: f"point {rang}")
    genre = "completude"
    phrase = "Un point relevé."


class VersionDeReferentielFactory(DjangoModelFactory[VersionDeReferentiel]):
    class Meta:
        model = VersionDeReferentiel

    cle = PAR_DEFAUT
    nom = "Projet social d’un centre"
    version = "essai"
    numero = 1
    texte = factory.LazyFunction(lambda: texte_livre(PAR_DEFAUT))
    empreinte = factory.LazyAttribute(lambda version: fichiers.empreinte(version.texte.encode()))


def referentiel_change(**mots: str) -> str:
    """Le texte apporté, où chaque mot en remplace un autre : `referentiel_change(**{"2026-11": "essai-2"})`."""
    texte = texte_livre(PAR_DEFAUT)
    for ancien, neuf in mots.items():
        assert ancien in texte
        texte = texte.replace(ancien, neuf, 1)
    return texte
