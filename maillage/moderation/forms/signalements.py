"""Signaler un contenu, et y répondre."""

from typing import Any

from django import forms

from maillage.core.anti_spam import FormulairePublic
from maillage.moderation.choices import MotifSignalement


class SignalementForm(FormulairePublic):
    motif = forms.ChoiceField(
        label="Ce que vous signalez",
        choices=MotifSignalement.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez ce qui ressemble le plus à votre raison."},
    )
    texte = forms.CharField(
        label="Ce qui ne va pas",
        help_text="Les mots en cause, et pourquoi. Plus c’est précis, plus nous allons vite.",
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    courriel = forms.EmailField(
        label="Votre courriel",
        help_text="Pour recevoir la réponse. Sans lui, votre numéro suffit à la lire ici. Il s’efface au bout d’un an.",
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": "Écrivez une adresse complète, comme prenom@exemple.fr."},
    )

    def __init__(self, *args: Any, est_connecte: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if est_connecte:
            del self.fields["courriel"]

    def clean(self) -> dict[str, Any]:
        donnees = super().clean()
        if donnees.get("motif") == MotifSignalement.AUTRE and not donnees.get("texte"):
            self.add_error("texte", "Dites en quelques mots ce qui ne va pas.")
        return donnees
