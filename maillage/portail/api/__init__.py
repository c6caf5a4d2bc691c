"""L'API publique, en lecture seule : `/api/v1/`.

Rien n'y est lu qui ne soit déjà sur une page publique. Les vues de ninja passent toutes par `ouvrir` : pages
sans compte, débit limité, ETag, et lecture permise depuis le navigateur d'un autre site.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.views.decorators.http import conditional_page, require_safe
from ninja import NinjaAPI
from ninja.errors import ValidationError
from ninja.renderers import JSONRenderer

from maillage.core.acces import interne
from maillage.core.debit import Debit, limiter

DEBIT = Debit("api", par_minute=120, rafale=60)
VERSION = "1.0.0"


class _Rendu(JSONRenderer):
    """Les accents se lisent tels quels."""

    json_dumps_params = {"ensure_ascii": False}


api = NinjaAPI(
    renderer=_Rendu(),
    title="Maillage",
    version=VERSION,
    description=(
        "Expériences et annuaire des centres sociaux et espaces de vie sociale. Lecture seule, sans clé. "
        "Données sous Licence Ouverte 2.0."
    ),
    urls_namespace="api-v1",
    docs_url=None,
    openapi_url="openapi.json",
)


@api.exception_handler(ValidationError)
def parametre_refuse(request: HttpRequest, erreur: ValidationError) -> HttpResponse:
    fautifs = sorted({str(faute["loc"][-1]) for faute in erreur.errors})
    detail = f"Paramètre refusé : {', '.join(fautifs)}. Voyez les valeurs permises sur /api/."
    return api.create_response(request, {"detail": detail}, status=422)


def ouvrir(vue: Callable[..., Any]) -> Callable[..., Any]:
    """Ce que chaque adresse de l'API partage."""

    @interne
    @limiter(DEBIT)
    @conditional_page
    @require_safe
    @wraps(vue)
    def ouverte(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        reponse: HttpResponse = vue(request, *args, **kwargs)
        reponse.headers["Access-Control-Allow-Origin"] = "*"
        reponse.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        reponse.headers.setdefault("Cache-Control", "public, max-age=60")
        return reponse

    return ouverte


def adresses() -> list[URLPattern]:
    """Les adresses de ninja, ouvertes. À monter sous l'espace de noms `api-v1`."""
    from maillage.portail.api import lectures  # noqa: F401 - déclare les lectures

    motifs = [motif for motif in api.urls[0] if isinstance(motif, URLPattern)]
    for motif in motifs:
        # La racine n'a pas de page chez ninja : elle mène à la documentation.
        motif.callback = (
            interne(_vers_la_documentation) if motif.name == "api-root" else ouvrir(motif.callback)
        )
    return motifs


def _vers_la_documentation(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(reverse("api"))
