"""Formulaires des comptes."""

from django import forms


class AccepterInvitationForm(forms.Form):
    mot_de_passe = forms.CharField(
        label="Mot de passe",
        help_text="15 caractères au moins. Une phrase de quatre ou cinq mots se retient bien.",
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
