"""Ouvrir son compte : choisir son mot de passe."""

from django import forms

AIDE_MOT_DE_PASSE = "15 caractères au moins. Une phrase de quatre ou cinq mots se retient bien."


class AccepterInvitationForm(forms.Form):
    mot_de_passe = forms.CharField(
        label="Mot de passe",
        help_text=AIDE_MOT_DE_PASSE,
        error_messages={"required": "Choisissez un mot de passe."},
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
