"""Raccord avec allauth : on n'entre que par une invitation, et un refus dit quoi faire."""

import re
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString


class AdaptateurCompte(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "Ce courriel et ce mot de passe ne vont pas ensemble. "
        "Vérifiez-les, ou recevez un code par courriel.",
        "enter_current_password": "Ce n’est pas votre mot de passe actuel. Écrivez-le de nouveau.",
        "incorrect_code": "Ce code n’est pas le bon. Écrivez celui du dernier message reçu.",
        "incorrect_password": "Ce n’est pas votre mot de passe. Écrivez-le de nouveau.",
        "rate_limited": "Trop d’essais. Attendez quelques minutes, puis recommencez.",
        "too_many_login_attempts": "Trop d’essais. Attendez quelques minutes, puis recommencez.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Après l'entrée que le changement demande : mon compte, pas le formulaire que l'on vient de remplir."""
        return reverse("mon_compte")

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """Un compte n'a pas de nom d'utilisateur, seulement une adresse."""


class AdaptateurSecondFacteur(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "Ce code n’est pas le bon, ou il vient de changer. "
        "Écrivez celui que l’application montre maintenant.",
    }

    def build_totp_svg(self, url: str) -> SafeString:
        """Le carré à viser, redessiné à nous pour se poser dans la page : son cadre et son tracé."""
        dessin = super().build_totp_svg(url)
        cadre, trace = (_attribut(nom, dessin) for nom in ("viewBox", "d"))
        return format_html('<svg viewBox="{}" aria-hidden="true"><path d="{}"/></svg>', cadre, trace)


def _attribut(nom: str, dessin: str) -> str:
    trouve = re.search(rf'\b{nom}="([^"]*)"', dessin)
    return trouve[1] if trouve else ""
