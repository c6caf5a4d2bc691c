"""Les champs de formulaire que plusieurs pièces partagent, et les formulaires de ce que l'on écrit à plusieurs."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from maillage.core.ecriture import Valeur
from maillage.core.francais import nombre

LIGNES_VIDES: Final = 2
"""Ce que la page offre à remplir sans script."""
PREMIERE_ANNEE: Final = 1900
DERNIERE_ANNEE: Final = 2100


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


def _annee_plausible(jour: date) -> None:
    """« 26 », tapé vite dans un calendrier, y fait l'an 26 : on le dit au lieu de l'écrire."""
    if not PREMIERE_ANNEE <= jour.year <= DERNIERE_ANNEE:
        raise ValidationError(f"L’année {jour.year} étonne. Écrivez-la en quatre chiffres, comme 2026.")


def champ_de_date(libelle: str, **options: Any) -> forms.DateField:
    """Une date, saisie avec le calendrier du navigateur ou à la main."""
    return forms.DateField(
        label=libelle,
        error_messages={"required": "Écrivez la date.", "invalid": "Écrivez une date, comme 31/12/2026."},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[_annee_plausible],
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


class PlusieursField(forms.ModelMultipleChoiceField):
    """Plusieurs objets d’une liste. Un numéro que la base ne sait pas écrire est un choix faux, pas une panne."""

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except OverflowError as trop_grand:
            raise ValidationError(
                "Un des choix n’est pas dans la liste.", code="invalid_choice"
            ) from trop_grand


@dataclass(frozen=True, slots=True)
class LigneDeNom:
    """Une ligne telle qu'on la montre : un nom, et son montant quand le champ en a."""

    nom: str = ""
    montant: str = ""


class LignesDeNomsWidget(forms.Widget):
    """Un nom par ligne, que la page suggère ; les lignes ajoutées naissent de son modèle (`brouillon.js`)."""

    use_fieldset = True
    est_chiffre = False

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[LigneDeNom]:
        noms = data.getlist(f"{name}_nom") if hasattr(data, "getlist") else []
        montants = data.getlist(f"{name}_montant") if noms else []
        montants += [""] * (len(noms) - len(montants))
        return [
            LigneDeNom(nom.strip(), montant.strip())
            for nom, montant in zip(noms, montants, strict=False)
            if nom
        ]

    def use_required_attribute(self, initial: Any) -> bool:
        return False

    def id_for_label(self, id_: str, index: str = "0") -> str:
        return ""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Par les gabarits de la maison : ceux des formulaires de Django n'ont ni icônes ni typographie."""
        lignes = [*(value or []), *[LigneDeNom()] * LIGNES_VIDES]
        contexte = {"nom": name, "lignes": lignes, "vide": LigneDeNom(), "est_chiffre": self.est_chiffre}
        return render_to_string("core/ecriture/lignes_de_noms.html", contexte)


class FormulaireEcrit(forms.Form):
    """Une étape : chaque champ va avec `lu_<nom>`, l'empreinte de la valeur que la page montrait (`core.ecriture`)."""

    def valeurs(self) -> dict[str, Valeur]:
        """Champ → valeur, pour ceux qui étaient dans la page et se lisent."""
        self.full_clean()
        return {nom: valeur for nom, valeur in self.cleaned_data.items() if f"lu_{nom}" in self.data}

    def lues(self) -> dict[str, str]:
        """Champ → empreinte de la valeur que la page montrait."""
        return {nom: str(self.data.get(f"lu_{nom}", ""))[:16] for nom in self.fields}
