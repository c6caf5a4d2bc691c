"""Formulaires de l'équipe : inviter, changer un rôle, noter un départ."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from maillage.comptes.choices import Role
from maillage.comptes.models import Utilisateur
from maillage.comptes.presentation import CE_QUE_FAIT


def _choix_de_roles(roles: Iterable[Role]) -> list[tuple[str, str]]:
    return [(role.value, f"{role.label} : {CE_QUE_FAIT[role]}") for role in roles]


class InviterForm(forms.Form):
    email = forms.EmailField(
        label="Courriel professionnel",
        help_text="Le sien, pas une adresse partagée : chacun a son compte.",
        error_messages={
            "required": "Écrivez l’adresse de la personne.",
            "invalid": "Écrivez une adresse entière, comme prenom.nom@exemple.fr.",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    prenom = forms.CharField(
        label="Prénom", max_length=80, error_messages={"required": "Écrivez son prénom."}
    )
    nom = forms.CharField(label="Nom", max_length=80, error_messages={"required": "Écrivez son nom."})
    role = forms.ChoiceField(
        label="Son rôle ici",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez un rôle.",
            "invalid_choice": "Choisissez un rôle de la liste.",
        },
    )

    def __init__(self, *args: Any, roles: Iterable[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = _choix_de_roles(roles)  # type: ignore[attr-defined]


class ChangerRoleForm(forms.Form):
    role = forms.ChoiceField(
        label="Son rôle ici",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez un rôle.",
            "invalid_choice": "Choisissez un rôle de la liste.",
        },
    )

    def __init__(self, *args: Any, roles: Iterable[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = _choix_de_roles(roles)  # type: ignore[attr-defined]


class DepartForm(forms.Form):
    MAINTENANT, PLUS_TARD = "maintenant", "plus_tard"

    quand = forms.ChoiceField(
        label="Quand part cette personne ?",
        choices=[
            (MAINTENANT, "Dès maintenant : elle n’a plus accès à sa prochaine page"),
            (PLUS_TARD, "À une date : elle travaille jusqu’au soir de ce jour"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Dites quand."},
    )
    le = forms.DateField(
        label="Son dernier jour",
        required=False,
        help_text="Si elle part plus tard.",
        error_messages={"invalid": "Écrivez une date, comme 31/12/2026."},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    a = forms.ModelChoiceField(
        queryset=Utilisateur.objects.none(),
        label="À qui passent ses brouillons et ses collections ?",
        required=False,
        empty_label="Choisir une personne",
        error_messages={"invalid_choice": "Choisissez une personne de la liste."},
    )

    def __init__(self, *args: Any, repreneurs: Iterable[Utilisateur], laisse: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ = self.fields["a"]
        numeros = [repreneur.pk for repreneur in repreneurs]
        champ.queryset = Utilisateur.objects.filter(pk__in=numeros)  # type: ignore[attr-defined]
        champ.help_text = f"Elle laisse {laisse}." if laisse else "Elle ne laisse rien en cours aujourd’hui."
        champ.required = bool(laisse and numeros)
        champ.error_messages["required"] = "Dites qui reprend : rien ne doit se perdre."
        if not numeros:
            del self.fields["a"]

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        if donnees.get("quand") == self.PLUS_TARD and not donnees.get("le") and "le" not in self.errors:
            self.add_error("le", ValidationError("Écrivez son dernier jour."))
        return donnees

    @property
    def dernier_jour(self) -> date | None:
        """Rien : tout de suite."""
        return self.cleaned_data["le"] if self.cleaned_data["quand"] == self.PLUS_TARD else None
