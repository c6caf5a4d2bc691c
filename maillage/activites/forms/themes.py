"""Un thème, ce que le groupe en a changé ; qui intervient ; ce qu'est un partenaire."""

from typing import Any

from django import forms

from maillage.activites.forms.activites import MotsField
from maillage.activites.models import PartenaireDuCentre
from maillage.catalogue.texte_libre import TexteLibreForm
from maillage.core.formulaires import TexteField


class ThemeForm(forms.Form):
    titre = forms.CharField(
        label="Un thème à proposer", max_length=160, error_messages={"required": "Donnez un titre au thème."}
    )

    def clean_titre(self) -> str:
        return str(self.cleaned_data["titre"]).replace("\0", "")


class AjustementForm(TexteLibreForm, ThemeForm):
    libres = ("ajustement",)
    ajustement = TexteField(200, label="Ce que le groupe a changé", help_text="En une phrase, sans nom.")
    field_order = ("version", "titre", "ajustement")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["titre"].label = "Titre"


class InterventionForm(forms.Form):
    partenaire = forms.CharField(
        label="Partenaire",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"list": "partenaires-connus", "autocomplete": "off"}),
        help_text="Une association, une école, une entreprise. Choisissez, ou écrivez son nom.",
    )
    nom = forms.CharField(
        label="Intervenante ou intervenant",
        max_length=120,
        required=False,
        help_text="Une professionnelle, jamais une habitante.",
    )
    est_formee = forms.BooleanField(label="Vient pour former", required=False)

    def clean(self) -> dict[str, Any]:
        lus = {cle: v.replace("\0", "") if isinstance(v, str) else v for cle, v in self.cleaned_data.items()}
        if not (lus.get("partenaire") or lus.get("nom")):
            self.add_error("partenaire", "Dites quel partenaire est venu, ou qui est intervenu.")
        return lus


class GenresForm(forms.Form):
    genres = MotsField(
        label="Ce que c’est",
        max_length=200,
        required=False,
        help_text="Vos mots, séparés par une virgule : « association, culture ».",
    )

    def __init__(self, connu: PartenaireDuCentre, data: Any = None) -> None:
        super().__init__(data, initial={"genres": connu.genres}, prefix=f"p{connu.pk}")
