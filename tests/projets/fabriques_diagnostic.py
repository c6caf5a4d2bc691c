"""Fabriques du diagnostic. `diagnostic_d_essai` en donne un petit, entier, avec ses besoins."""

from datetime import date
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from maillage.projets.choices import Couleur, NatureConstat
from maillage.projets.models import (
    Besoin,
    ChiffreDiagnostic,
    Constat,
    Parole,
    Preuve,
    ProjetSocial,
    Rencontre,
    ResultatEnquete,
    TableauDiagnostic,
    ThemeDeParoles,
)
from tests.projets.fabriques import ProjetSocialFactory


class ChiffreFactory(DjangoModelFactory[ChiffreDiagnostic]):
    class Meta:
        model = ChiffreDiagnostic

    projet = factory.SubFactory(ProjetSocialFactory)
    libelle = "Familles avec un seul parent"
    valeur = Decimal("33")
    unite = "%"
    zone = "Le Moulin"
    source = "Insee"
    annee = 2021


class TableauFactory(DjangoModelFactory[TableauDiagnostic]):
    class Meta:
        model = TableauDiagnostic

    projet = factory.SubFactory(ProjetSocialFactory)
    titre = "Logements par quartier"
    zones = factory.LazyFunction(lambda: ["Le Moulin"])
    lignes = factory.LazyFunction(
        lambda: [
            {
                "libelle": "Logements",
                "valeurs": [{"zone": "Le Moulin", "brut": "120", "valeur": 120, "unite": ""}],
            }
        ]
    )


class ConstatFactory(DjangoModelFactory[Constat]):
    class Meta:
        model = Constat

    projet = factory.SubFactory(ProjetSocialFactory)
    texte = "Aucun lieu ouvert le soir."
    nature = NatureConstat.FAIBLESSE


class ThemeFactory(DjangoModelFactory[ThemeDeParoles]):
    class Meta:
        model = ThemeDeParoles

    projet = factory.SubFactory(ProjetSocialFactory)
    nom = "Se déplacer"
    couleur = Couleur.BLEU


class ParoleFactory(DjangoModelFactory[Parole]):
    class Meta:
        model = Parole

    projet = factory.SubFactory(ProjetSocialFactory)
    texte = "Le bus, après huit heures, il n’y en a plus."
    qui = "une lycéenne"


class RencontreFactory(DjangoModelFactory[Rencontre]):
    class Meta:
        model = Rencontre

    projet = factory.SubFactory(ProjetSocialFactory)
    titre = "Café de la place"
    le = date(2024, 5, 14)
    affluence = factory.LazyFunction(lambda: {"habitants": 12, "elus": 2})


class ResultatFactory(DjangoModelFactory[ResultatEnquete]):
    class Meta:
        model = ResultatEnquete

    projet = factory.SubFactory(ProjetSocialFactory)
    question = "Que vous manque-t-il le plus ?"
    enquete = "Enquête de porte à porte"
    annee = 2024
    colonnes = factory.LazyFunction(lambda: ["Réponses"])
    lignes = factory.LazyFunction(
        lambda: [
            {"libelle": "Un lieu le soir", "valeurs": [40]},
            {"libelle": "Un médecin", "valeurs": [25]},
            {"libelle": "Rien", "valeurs": [7]},
        ]
    )


class BesoinFactory(DjangoModelFactory[Besoin]):
    class Meta:
        model = Besoin

    projet = factory.SubFactory(ProjetSocialFactory)
    titre = factory.Sequence(lambda rang: f"Pouvoir sortir le soir, cas {rang}")


def diagnostic_d_essai(projet: ProjetSocial) -> Besoin:
    """Un de chaque, et un besoin qu'un constat prouve et qui mène à un enjeu."""
    ChiffreFactory(projet=projet)
    TableauFactory(projet=projet)
    ParoleFactory(projet=projet, theme=ThemeFactory(projet=projet))
    RencontreFactory(projet=projet)
    ResultatFactory(projet=projet)
    besoin: Besoin = BesoinFactory(projet=projet, titre="Pouvoir sortir le soir")
    Preuve.objects.create(besoin=besoin, constat=ConstatFactory(projet=projet))
    if axe := projet.axes.order_by("rang").first():
        besoin.enjeux.add(axe.enjeux.order_by("rang")[0])
    return besoin
