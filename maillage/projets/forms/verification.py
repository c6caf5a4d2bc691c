"""Formulaires de la vérification : confier un point, le laisser tel quel."""

from typing import Any

from django import forms

from maillage.comptes.models import Utilisateur
from maillage.core.formulaires import champ_de_date
from maillage.projets.equipe import equipe_du_projet
from maillage.projets.models import ProjetSocial


class ConfierForm(forms.Form):
    responsable = forms.ModelChoiceField(
        queryset=Utilisateur.objects.none(),
        label="Qui s’en charge",
        empty_label=None,
        error_messages={
            "required": "Choisissez quelqu’un de l’équipe.",
            "invalid_choice": "Choisissez quelqu’un de l’équipe.",
        },
    )
    echeance = champ_de_date("Pour le")

    def __init__(self, *args: Any, projet: ProjetSocial, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["responsable"].queryset = equipe_du_projet(projet)  # type: ignore[attr-defined]


class LaisserForm(forms.Form):
    raison = forms.CharField(
        label="Pourquoi",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Sans nom d’habitant. Ce point reviendra s’il change.",
        error_messages={"required": "Écrivez pourquoi : l’équipe et vous le relirez plus tard."},
    )
