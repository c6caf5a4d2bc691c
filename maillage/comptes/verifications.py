"""Contrôle du démarrage : en production, ni compte de démonstration, ni administratrice sans second facteur (R1)."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError

from maillage.comptes.choices import Role
from maillage.comptes.models import Appartenance, Utilisateur

DOMAINES_D_EXEMPLE = (
    "@exemple.fr",
    "@example.org",
    "@example.com",
    ".exemple",
    ".example",
    ".test",
    ".invalid",
)


@register(Tags.security, deploy=True)
def comptes_surs(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Sans objet hors production, et tant que la base n'existe pas."""
    if not settings.EN_PRODUCTION:
        return []
    try:
        return [*_comptes_d_exemple(), *_administratrices_sans_facteur()]
    except DatabaseError:
        return []


def _comptes_d_exemple() -> list[CheckMessage]:
    courriels = Utilisateur.objects.filter(is_active=True).order_by("pk").values_list("email", flat=True)
    trouves = [courriel for courriel in courriels if courriel.lower().endswith(DOMAINES_D_EXEMPLE)]
    if not trouves:
        return []
    return [
        Error(
            f"{len(trouves)} compte(s) de démonstration ou d'essai, dont {trouves[0]}.",
            hint="Une base de démonstration ne se sert pas en production : repartez d'une base vierge.",
            id="maillage.E020",
        )
    ]


def _administratrices_sans_facteur() -> list[CheckMessage]:
    reliees = Authenticator.objects.filter(type=Authenticator.Type.TOTP).values("user")
    tenues = Appartenance.objects.en_cours().filter(role=Role.ADMINISTRATRICE, utilisateur__is_active=True)
    sans = tenues.exclude(utilisateur__in=reliees).values_list("utilisateur__email", flat=True)
    return [
        Error(
            f"L'administratrice {courriel} n'a pas de second facteur.",
            hint="Elle le relie en entrant : rien ne lui est montré avant.",
            id="maillage.E021",
        )
        for courriel in sans
    ]
