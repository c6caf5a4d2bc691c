"""Engager une bénévole, noter des heures, une formation."""

from decimal import Decimal
from typing import Any

from django import forms

from maillage.activites.models import Benevole
from maillage.catalogue.texte_libre import TexteLibreForm
from maillage.core.formulaires import champ_de_date

HEURES_LISIBLES = {
    "required": "Écrivez un nombre d’heures, comme 2,5.",
    "invalid": "Écrivez un nombre d’heures, comme 2,5.",
    "min_value": "Écrivez un nombre d’heures, comme 2,5.",
    "max_digits": "Ce nombre est trop grand. Écrivez un nombre d’heures, comme 2,5.",
    "max_whole_digits": "Ce nombre est trop grand. Écrivez un nombre d’heures, comme 2,5.",
    "max_decimal_places": "Deux chiffres après la virgule suffisent : 2,25 pour 2 h 15.",
}


def champ_d_heures(libelle: str = "Heures", **options: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=libelle,
        min_value=Decimal("0.01"),
        max_digits=6,
        decimal_places=2,
        localize=True,
        error_messages=HEURES_LISIBLES,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        **options,
    )


class EngagementForm(TexteLibreForm):
    libres = ("missions", "disponibilites")
    depuis = champ_de_date("Depuis le")
    missions = forms.CharField(
        max_length=200,
        required=False,
        help_text="Ce que la personne propose : « aide aux devoirs, cuisine ».",
    )
    disponibilites = forms.CharField(
        label="Quand elle est libre",
        max_length=200,
        required=False,
        help_text="Par exemple : « le lundi, après 16 h ».",
    )


class FinForm(EngagementForm):
    jusqu_au = champ_de_date(
        "Jusqu’au",
        required=False,
        help_text="À remplir le jour où l’engagement s’arrête ; vide, il continue.",
    )

    @classmethod
    def initiales(cls, benevole: Benevole) -> dict[str, Any]:
        champs = ("depuis", "missions", "disponibilites", "jusqu_au", "version")
        return {nom: getattr(benevole, nom) for nom in champs}


class HeuresForm(TexteLibreForm):
    libres = ("mission",)
    jour = champ_de_date("Le")
    heures = champ_d_heures()
    mission = forms.CharField(
        label="Pour quoi faire",
        max_length=120,
        error_messages={"required": "Dites à quoi ces heures ont servi."},
    )


class HeuresSansNomForm(TexteLibreForm):
    """Plusieurs personnes que l'on ne nomme pas : leur nombre, et les heures de chacune."""

    jour = champ_de_date("Le")
    nombre = forms.IntegerField(
        label="Combien de personnes",
        min_value=1,
        max_value=999,
        error_messages={
            "required": "Dites combien elles étaient.",
            "invalid": "Écrivez un nombre, comme 6.",
            "min_value": "Écrivez un nombre, comme 6.",
            "max_value": "Au-delà de 999, notez-les en plusieurs fois.",
        },
    )
    heures = champ_d_heures("Heures données par chacune")
    mission = forms.CharField(
        label="Pour quoi faire",
        max_length=120,
        help_text="Par exemple : « installer la fête de la rue ». Sans nom.",
        error_messages={"required": "Dites à quoi ces heures ont servi."},
    )
    libres = ("mission",)


class FormationForm(forms.Form):
    titre = forms.CharField(
        label="Formation", max_length=160, error_messages={"required": "Écrivez le nom de la formation."}
    )
    jour = champ_de_date("Le")
    heures = champ_d_heures("Durée, en heures")
