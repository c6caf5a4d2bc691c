"""Formulaires du cadre : ouvrir ou modifier un projet, nommer une zone."""

from typing import Any

from django import forms

from maillage.core.formulaires import Versionne, champ_de_date
from maillage.projets.choices import GenreZone
from maillage.projets.models import ProjetSocial
from maillage.territoire.models import Structure


class CadreForm(Versionne):
    nom = forms.CharField(
        label="Nom du projet",
        max_length=200,
        help_text="Par exemple : « Projet social 2027-2030 ».",
        error_messages={"required": "Donnez un nom au projet."},
    )
    du = champ_de_date("Premier jour")
    au = champ_de_date("Dernier jour", help_text="De un à quatre ans, comme l’agrément. Quatre ans au plus.")
    territoire = forms.CharField(
        label="Le territoire, en une phrase",
        max_length=200,
        required=False,
        help_text="Par exemple : « Valserre et ses trois hameaux ».",
    )
    suite_de = forms.ModelChoiceField(
        queryset=ProjetSocial.objects.none(),
        label="Il fait suite à",
        required=False,
        empty_label="Aucun projet d’avant",
        help_text="Vous pourrez en reprendre l’arbre et les fiches.",
    )

    def __init__(self, *args: Any, anciens: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["suite_de"].queryset = anciens  # type: ignore[attr-defined]
        if not anciens:
            del self.fields["suite_de"]


class OuvrirForm(CadreForm):
    structure = forms.ModelChoiceField(
        queryset=Structure.objects.none(),
        empty_label=None,
        error_messages={"required": "Choisissez la structure."},
    )
    field_order = ("structure", "nom", "du", "au", "territoire", "suite_de")

    def __init__(self, *args: Any, structures: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ = self.fields["structure"]
        champ.queryset = structures  # type: ignore[attr-defined]
        champ.initial = structures.first()
        if len(structures) == 1:
            champ.widget = forms.HiddenInput()

    @property
    def valeurs(self) -> dict[str, Any]:
        return {champ: valeur for champ, valeur in super().valeurs.items() if champ != "structure"}


class ZoneForm(forms.Form):
    nom = forms.CharField(max_length=200, error_messages={"required": "Donnez un nom à la zone."})
    genre = forms.ChoiceField(
        label="Sorte de zone",
        choices=[(g.value, g.label) for g in GenreZone if g != GenreZone.QPV],
    )
    precision = forms.CharField(
        label="Ses limites",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Des rues, un hameau, une école : ce qui aide à la situer.",
    )
