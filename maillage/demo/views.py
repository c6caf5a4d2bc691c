"""Pages de la démonstration : qui est qui, et le courrier envoyé."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from maillage.core.acces import interne
from maillage.demo import courrier
from maillage.demo.distribution import code_du_moment, comptes, sans_compte, secondes_restantes


@interne
@never_cache
@require_GET
def qui_est_qui(request: HttpRequest) -> HttpResponse:
    """Les comptes, leurs mots de passe, et le code du moment de ceux qui ont un second facteur."""
    _en_demo_seulement()
    secrets = _secrets()
    lignes = [
        (compte, code_du_moment(secrets[compte.courriel]) if compte.courriel in secrets else "")
        for compte in comptes()
    ]
    return render(
        request,
        "demo/qui_est_qui.html",
        {"comptes": lignes, "sans_compte": sans_compte(), "secondes": secondes_restantes()},
    )


@interne
@never_cache
@require_GET
def boite(request: HttpRequest) -> HttpResponse:
    _en_demo_seulement()
    return render(request, "demo/courrier.html", {"courriels": courrier.courriels()})


@interne
@never_cache
@require_GET
def message(request: HttpRequest, identifiant: str) -> HttpResponse:
    _en_demo_seulement()
    courriel = courrier.trouver(identifiant)
    if courriel is None:
        raise Http404
    return render(request, "demo/message.html", {"courriel": courriel})


def _secrets() -> dict[str, Any]:
    """Le secret lu dans la base : juste même si la personne a remplacé le sien."""
    return {
        facteur.user.email: decrypt(facteur.data["secret"])
        for facteur in Authenticator.objects.filter(type=Authenticator.Type.TOTP).select_related("user")
    }


def _en_demo_seulement() -> None:
    """Second verrou : ces adresses ne sont déjà déclarées qu'en mode démonstration."""
    if not settings.EN_DEMO:
        raise Http404
