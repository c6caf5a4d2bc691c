"""Ce qui entoure chaque demande : numéro, en-têtes de prudence, audience."""

import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

from maillage.core import audience
from maillage.core.demande import numero_de_demande

Reponse = Callable[[HttpRequest], HttpResponse]

PERMISSIONS = ", ".join(
    f"{nom}=()"
    for nom in ("camera", "display-capture", "geolocation", "microphone", "payment", "usb", "interest-cohort")
)


class NumeroDeDemande:
    """Donne à la demande un numéro que la personne peut citer et que les journaux portent."""

    def __init__(self, get_response: Reponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        numero = uuid.uuid4().hex[:12]
        jeton = numero_de_demande.set(numero)
        try:
            reponse = self.get_response(request)
        finally:
            numero_de_demande.reset(jeton)
        reponse.headers["X-Demande"] = numero
        return reponse


class EntetesDePrudence:
    """En-têtes que Django n'écrit pas. Une page lue par une personne connectée ne reste dans aucun cache."""

    def __init__(self, get_response: Reponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        reponse = self.get_response(request)
        reponse.headers.setdefault("Permissions-Policy", PERMISSIONS)
        reponse.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        utilisateur = getattr(request, "user", None)
        if utilisateur is not None and utilisateur.is_authenticated:
            patch_cache_control(reponse, private=True, no_store=True)
        return reponse


class Audience:
    """Compte les pages publiques affichées, en mémoire, et verse le compte par paquets."""

    def __init__(self, get_response: Reponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        reponse = self.get_response(request)
        route = request.resolver_match
        est_page_lue = request.method == "GET" and reponse.status_code == 200 and route and route.view_name
        if route and est_page_lue and getattr(route.func, "compte_audience", False):
            audience.compter(route.view_name)
        return reponse
