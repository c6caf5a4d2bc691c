"""Pages de la mécanique : état du service et pages d'erreur."""

import shutil
import sys
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_GET

from maillage.core import debit
from maillage.core.acces import interne
from maillage.core.base_de_donnees import est_disque_plein
from maillage.core.demande import numero_de_demande
from maillage.core.suivi import consommateurs, retard

ESPACE_MINIMAL = 100 * 1024 * 1024
RETARD_MAXIMAL = 5000


@interne
@require_GET
@never_cache
def en_vie(request: HttpRequest) -> HttpResponse:
    """Le processus répond. Ne touche pas à la base : une base lente n'est pas un processus mort."""
    return HttpResponse("ok", content_type="text/plain")


@interne
@require_GET
@never_cache
def pret(request: HttpRequest) -> JsonResponse:
    """Base, migrations, disque et retard de l'index. 503 dès qu'un point empêche de servir."""
    etat: dict[str, Any] = {"version": settings.MAILLAGE_VERSION}
    try:
        executeur = MigrationExecutor(connection)
        etat["base"] = "ok"
        etat["migrations"] = (
            "ok" if not executeur.migration_plan(executeur.loader.graph.leaf_nodes()) else "à appliquer"
        )
        attente = {lecteur.nom: retard(lecteur) for lecteur in consommateurs()}
        etat["suivi"] = "ok" if all(nombre < RETARD_MAXIMAL for nombre in attente.values()) else "en retard"
        etat["en_attente"] = attente
    except DatabaseError:
        etat["base"] = "injoignable"
    etat["disque"] = (
        "ok" if shutil.disk_usage(settings.MAILLAGE_DONNEES).free > ESPACE_MINIMAL else "presque plein"
    )
    bloquants = {"base": "ok", "migrations": "ok", "disque": "ok"}
    pret_a_servir = all(etat.get(nom) == voulu for nom, voulu in bloquants.items())
    return JsonResponse(etat, status=200 if pret_a_servir else 503)


def _erreur(request: HttpRequest, statut: int) -> HttpResponse:
    return render(request, f"core/{statut}.html", {"numero": numero_de_demande.get()}, status=statut)


@requires_csrf_token
def demande_incomprise(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _erreur(request, 400)


@requires_csrf_token
def acces_refuse(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _erreur(request, 403)


@requires_csrf_token
def page_perimee(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Le formulaire vient d'une page ouverte avant la dernière connexion, ou d'un autre site."""
    return render(request, "core/page_perimee.html", {"numero": numero_de_demande.get()}, status=403)


@requires_csrf_token
def trop_de_demandes(request: HttpRequest) -> HttpResponse:
    """Ce que montre allauth quand une adresse fait trop d'essais."""
    return debit.trop_de_demandes(request, 60)


@requires_csrf_token
def page_absente(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _erreur(request, 404)


@requires_csrf_token
def panne(request: HttpRequest) -> HttpResponse:
    """Ne lit ni base ni session : la panne vient peut-être d'elles. La base absente ou sans place n'est pas une
    faute du programme : 503, et la page dit de revenir."""
    cause = sys.exception()
    est_plein = est_disque_plein(cause)
    statut = 503 if est_plein or isinstance(cause, OperationalError | InterfaceError) else 500
    page = loader.get_template(f"core/{statut}.html")
    reponse = HttpResponse(
        page.render({"numero": numero_de_demande.get(), "est_plein": est_plein}), status=statut
    )
    if statut == 503:
        reponse.headers["Retry-After"] = "60"
    return reponse
