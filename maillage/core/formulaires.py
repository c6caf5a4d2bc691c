"""Les champs de formulaire que plusieurs pièces partagent, et les formulaires de ce que l'on écrit à plusieurs."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from maillage.core.ecriture import Valeur
from maillage.core.francais import nombre


class TexteField(forms.CharField):
    """Un texte libre : mêmes fins de ligne quel que soit le navigateur."""

    def __init__(self, maximum: int, **options: Any) -> None:
        super().__init__(required=False, **options)
        self.maximum = maximum

    def to_python(self, value: Any) -> str:
        """Sans le signe nul qu'un copier-coller apporte parfois : aucune base n'en veut, personne ne le voit."""
        return super().to_python(str(value or "").replace("\0", "")) or ""

    def clean(self, value: Any) -> str:
        texte = re.sub(r"\r\n?", "\n", super().clean(value) or "")
        if len(texte) > self.maximum:
            trop = nombre(len(texte) - self.maximum)
            raise ValidationError(
                f"Ce texte dépasse de {trop} la limite de {nombre(self.maximum)} signes. Raccourcissez-le."
            )
        return texte


def champ_de_date(libelle: str, **options: Any) -> forms.DateField:
    """Une date, saisie avec le calendrier du navigateur ou à la main."""
    return forms.DateField(
        label=libelle,
        error_messages={"required": "Écrivez la date.", "invalid": "Écrivez une date, comme 31/12/2026."},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        **options,
    )


class Versionne(forms.Form):
    """La version lue voyage avec le formulaire : l'écriture la compare à celle d'aujourd'hui."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    @property
    def version_lue(self) -> int:
        return int(self.cleaned_data.get("version") or 0)

    @property
    def valeurs(self) -> dict[str, Any]:
        return {champ: valeur for champ, valeur in self.cleaned_data.items() if champ != "version"}


class FormulaireEcrit(forms.Form):
    """Une étape : chaque champ va avec `lu_<nom>`, l'empreinte de la valeur que la page montrait (`core.ecriture`)."""

    def valeurs(self) -> dict[str, Valeur]:
        """Champ → valeur, pour ceux qui étaient dans la page et se lisent."""
        self.full_clean()
        return {nom: valeur for nom, valeur in self.cleaned_data.items() if f"lu_{nom}" in self.data}

    def lues(self) -> dict[str, str]:
        """Champ → empreinte de la valeur que la page montrait."""
        return {nom: str(self.data.get(f"lu_{nom}", ""))[:16] for nom in self.fields}
