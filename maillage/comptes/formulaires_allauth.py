"""Les formulaires d'allauth, mis à nos manières : une étiquette dit le champ, jamais un texte indicatif.

Module à part : allauth le charge par son nom, après les modèles.
"""

from typing import Any

from allauth.account import forms as compte
from allauth.core import context as allauth
from allauth.mfa.adapter import get_adapter as adaptateur_du_facteur
from allauth.mfa.base import forms as facteur
from allauth.mfa.totp import forms as application

from maillage.comptes.adaptateur import essai_d_entree
from maillage.comptes.forms.entree import AIDE_MOT_DE_PASSE
from maillage.comptes.operations.essais import compter_un_essai
from maillage.comptes.operations.second_facteur import prendre_un_code


class ANosManieres:
    """Retire les textes indicatifs, nomme les champs comme partout ailleurs, et dit quoi écrire."""

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
    AIDES = {"password1": AIDE_MOT_DE_PASSE}
    OUBLIS = {
        "login": "Écrivez votre courriel.",
        "email": "Écrivez votre courriel.",
        "password": "Écrivez votre mot de passe.",
        "code": "Écrivez le code.",
        "oldpassword": "Écrivez votre mot de passe actuel.",
        "password1": "Choisissez un nouveau mot de passe.",
        "password2": "Écrivez une seconde fois le nouveau mot de passe.",
    }
    COURRIEL_FAUX = "Écrivez une adresse entière, comme prenom.nom@exemple.fr."

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for nom, champ in self.fields.items():
            champ.widget.attrs.pop("placeholder", None)
            champ.label = self.LIBELLES.get(nom, champ.label)
            champ.help_text = self.AIDES.get(nom, "")
            if nom in self.OUBLIS:
                champ.error_messages["required"] = self.OUBLIS[nom]
            if nom in {"login", "email"}:
                champ.error_messages["invalid"] = self.COURRIEL_FAUX


class ParCodeDeLApplication(ANosManieres):
    """Six chiffres lus sur le téléphone, ou huit d'un code de secours : le clavier des chiffres suffit."""

    LIBELLES = {"code": "Code"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class CodePrisUneFois(ParCodeDeLApplication):
    """Compte l'essai du compte, d'où qu'il vienne, puis prend le code. Lève `TropDEssais`."""

    user: Any
    cleaned_data: dict[str, Any]

    def clean_code(self) -> str:
        essai = compter_un_essai("second_facteur", compte=str(self.user.pk), adresse="")
        pris = prendre_un_code(self.user, str(self.cleaned_data["code"]))
        if pris is None:
            raise adaptateur_du_facteur().validation_error("incorrect_code")
        essai.rendre()
        pris.user = self.user
        self.authenticator = pris
        return str(self.cleaned_data["code"])


class EntrerForm(ANosManieres, compte.LoginForm):
    pass


class DemanderUnCodeForm(ANosManieres, compte.RequestLoginCodeForm):
    def clean_email(self) -> str:
        """Compte la demande, que le compte existe ou non."""
        essai_d_entree("code_de_connexion", allauth.request, self.cleaned_data["email"])
        return str(super().clean_email())


class SaisirLeCodeForm(ANosManieres, compte.ConfirmLoginCodeForm):
    pass


class ConfirmerForm(ANosManieres, compte.ReauthenticateForm):
    pass


class MotDePasseOublieForm(ANosManieres, compte.ResetPasswordForm):
    def clean_email(self) -> str:
        """Compte la demande, que le compte existe ou non."""
        essai_d_entree("reinitialisation", allauth.request, self.cleaned_data["email"])
        return str(super().clean_email())


class NouveauMotDePasseForm(ANosManieres, compte.ResetPasswordKeyForm):
    pass


class ChangerDeMotDePasseForm(ANosManieres, compte.ChangePasswordForm):
    pass


class CodeDeLApplicationForm(CodePrisUneFois, facteur.AuthenticateForm):
    pass


class ConfirmerParCodeForm(CodePrisUneFois, facteur.ReauthenticateForm):
    pass


class RelierForm(ParCodeDeLApplication, application.ActivateTOTPForm):
    LIBELLES = {"code": "Code à six chiffres"}

    def clean_code(self) -> str:
        essai = compter_un_essai("second_facteur", compte=str(self.user.pk), adresse="")
        code = str(super().clean_code())
        essai.rendre()
        return code
