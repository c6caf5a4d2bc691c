"""Les pages que la loi et la confiance demandent : accessibilité, données personnelles, mentions…"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from maillage.core.acces import publique

MANQUES = {
    "nom": "le nom de l’éditeur",
    "adresse": "son adresse",
    "courriel": "une adresse de courriel",
    "telephone": "un numéro de téléphone",
    "directeur": "la direction de la publication",
    "hebergeur": "l’hébergeur",
    "delegue": "la personne déléguée à la protection des données",
}
"""Ce que la loi demande d'écrire, et qu'un exploitant peut avoir oublié de régler."""


@publique
@require_safe
def accessibilite(request: HttpRequest) -> HttpResponse:
    return render(request, "portail/accessibilite.html", {"editeur": settings.EDITEUR})


@publique
@require_safe
def donnees_personnelles(request: HttpRequest) -> HttpResponse:
    return render(request, "portail/donnees_personnelles.html", {"editeur": settings.EDITEUR})


@publique
@require_safe
def mentions_legales(request: HttpRequest) -> HttpResponse:
    manques = [libelle for cle, libelle in MANQUES.items() if not settings.EDITEUR[cle]]
    return render(request, "portail/mentions_legales.html", {"editeur": settings.EDITEUR, "manques": manques})


@publique
@require_safe
def code_source(request: HttpRequest) -> HttpResponse:
    return render(request, "portail/code_source.html", {"adresse_du_code": settings.CODE_SOURCE})
