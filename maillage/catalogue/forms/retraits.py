"""Pourquoi une fiche est retirée : une raison courante, ou la sienne."""

from typing import Any

from django import forms

from maillage.catalogue.operations.retraits import MOTIF_MAX

AUTRE = "autre"
RAISONS = (
    "Le centre ne souhaite plus la partager.",
    "Ce qu’elle raconte n’est plus juste.",
    "Une personne citée ou reconnaissable l’a demandé.",
    "Elle a été publiée par erreur.",
)


class RetraitForm(forms.Form):
    raison = forms.ChoiceField(
        label="La raison",
        help_text="Chacun la lira à l’ancienne adresse. Ne nommez personne.",
        choices=[*((raison, raison) for raison in RAISONS), (AUTRE, "Une autre raison, que j’écris")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une raison."},
    )
    autre = forms.CharField(
        label="Votre raison",
        help_text="Une phrase. Par exemple : « L’association partenaire a fermé. »",
        max_length=MOTIF_MAX,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        if donnees.get("raison") == AUTRE and not donnees.get("autre"):
            self.add_error("autre", "Écrivez votre raison, en une phrase.")
        return donnees

    @property
    def motif(self) -> str:
        raison: str = self.cleaned_data["raison"]
        return self.cleaned_data["autre"] if raison == AUTRE else raison
