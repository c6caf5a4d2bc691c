"""Raccord avec allauth : on n'entre que par une invitation, et un refus dit quoi faire."""

import base64
import re
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context as allauth
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.html import format_html
from django.utils.safestring import SafeString

from maillage.comptes.hachage import TropDeHachages, une_place
from maillage.comptes.operations.essais import Essai, compter_un_essai
from maillage.comptes.operations.sessions import changer_mot_de_passe
from maillage.core.courrier import poster
from maillage.core.debit import cle_anonyme


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

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Compte l'essai avant de hacher, et le rend s'il réussit. Lève `TropDEssais` ou `TropDeHachages`."""
        with une_place():  # une machine occupée le dit tout de suite, sans rien écrire
            pass
        essai = essai_d_entree("mot_de_passe", request, str(credentials.get("email", "")))
        try:
            utilisateur = super().authenticate(request, **credentials)
        except TropDeHachages:
            essai.rendre()
            raise
        if utilisateur:
            essai.rendre()
        return utilisateur

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Les limites d'allauth vivent dans un processus ; les nôtres, dans la base (`authenticate`)."""

    def set_password(self, user: Any, password: str) -> None:
        changer_mot_de_passe(user, password)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Qui vient d'entrer (moins d'un quart d'heure) n'a pas à se confirmer."""
        request = allauth.request
        preuves = get_authentication_records(request, request.user)
        recente = max((preuve["at"] for preuve in preuves), default=0.0)
        return time.time() - recente > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Par la boîte d'envoi : un serveur de courrier muet ne retient pas la page."""
        sujet = render_to_string(f"{template_prefix}_subject.txt", context)
        poster(email, sujet, f"{template_prefix}_message.txt", context)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """L'adresse vient du réglage, jamais de l'en-tête `Host` de la demande."""
        uidb36, _, cle = key.partition("-")
        chemin = reverse("account_reset_password_from_key", kwargs={"uidb36": uidb36, "key": cle})
        return f"{settings.MAILLAGE_URL}{chemin}"


def essai_d_entree(frein: str, request: HttpRequest, courriel: str) -> Essai:
    """Compte un essai pour ce courriel, connu ou non, depuis cette adresse. Lève `TropDEssais`."""
    return compter_un_essai(frein, compte=courriel.strip().casefold(), adresse=cle_anonyme(request))


class AdaptateurSecondFacteur(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "Ce code n’est pas le bon, ou il vient de changer. "
        "Écrivez celui que l’application montre maintenant.",
    }

    def encrypt(self, text: str) -> str:
        """Une copie volée de la base ne donne ni secret d'application, ni code de secours."""
        return _coffre().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _coffre().decrypt(encrypted_text.encode()).decode()

    def build_totp_svg(self, url: str) -> SafeString:
        """Le carré à viser, redessiné à nous pour se poser dans la page : son cadre et son tracé."""
        dessin = super().build_totp_svg(url)
        cadre, trace = (_attribut(nom, dessin) for nom in ("viewBox", "d"))
        return format_html('<svg viewBox="{}" aria-hidden="true"><path d="{}"/></svg>', cadre, trace)


def _coffre() -> MultiFernet:
    """La clé de l'installation d'abord ; les précédentes ouvrent encore."""
    cles = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_cle(cle)) for cle in cles])


def _cle(secret: str) -> bytes:
    empreinte = salted_hmac("maillage.comptes.second_facteur", "coffre", secret=secret, algorithm="sha256")
    return base64.urlsafe_b64encode(empreinte.digest())


def _attribut(nom: str, dessin: str) -> str:
    trouve = re.search(rf'\b{nom}="([^"]*)"', dessin)
    return trouve[1] if trouve else ""
