"""Les formulaires d'allauth, mis à nos manières : une étiquette dit le champ, jamais un texte indicatif.

Module à part : allauth le charge par son nom, après les modèles.
"""

from typing import Any

from allauth.account import forms as compte


class SansTexteIndicatif:
    """Retire les textes indicatifs et nomme les champs comme partout ailleurs."""

    fields: dict[str, Any]
    LIBELLES = {
        "login": "Courriel",
        "email": "Courriel",
        "password": "Mot de passe",
        "code": "Code reçu",
        "oldpassword": "Mot de passe actuel",
        "password1": "Nouveau mot de passe",
        "password2": "Nouveau mot de passe, encore une fois",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for nom, champ in self.fields.items():
            champ.widget.attrs.pop("placeholder", None)
            champ.label = self.LIBELLES.get(nom, champ.label)
            champ.help_text = ""


class EntrerForm(SansTexteIndicatif, compte.LoginForm):
    pass


class DemanderUnCodeForm(SansTexteIndicatif, compte.RequestLoginCodeForm):
    pass


class SaisirLeCodeForm(SansTexteIndicatif, compte.ConfirmLoginCodeForm):
    pass


class ConfirmerForm(SansTexteIndicatif, compte.ReauthenticateForm):
    pass


class MotDePasseOublieForm(SansTexteIndicatif, compte.ResetPasswordForm):
    pass


class NouveauMotDePasseForm(SansTexteIndicatif, compte.ResetPasswordKeyForm):
    pass


class ChangerDeMotDePasseForm(SansTexteIndicatif, compte.ChangePasswordForm):
    pass
