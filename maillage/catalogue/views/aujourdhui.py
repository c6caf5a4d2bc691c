"""Ce que le catalogue montre dans « Aujourd'hui », par les emplacements de l'espace."""

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from maillage.catalogue.choices import EtatExperience, EtatPoint, GenrePoint
from maillage.catalogue.models import Contribution, PointAVerifier
from maillage.catalogue.permissions import peut_verifier
from maillage.comptes.permissions import structures_de
from maillage.territoire.models import Structure

BROUILLONS_MONTRES = 4


@require_GET
def points_en_attente(request: HttpRequest) -> HttpResponse:
    """Combien de points attendent, par genre."""
    if not peut_verifier(request.user):
        raise Http404
    nombres = dict(
        PointAVerifier.objects.filter(etat=EtatPoint.A_VERIFIER)
        .values_list("genre")
        .annotate(nombre=Count("pk"))
        .order_by()
    )
    genres = [(genre, libelle, nombres[genre]) for genre, libelle in GenrePoint.choices if genre in nombres]
    return render(
        request, "catalogue/points_en_attente.html", {"genres": genres, "total": sum(nombres.values())}
    )


@require_GET
def experiences_de_mes_structures(request: HttpRequest) -> HttpResponse:
    """Mes structures, combien d'expériences chacun peut y lire, et ce que l'on y écrit en ce moment."""
    siennes = structures_de(request.user)
    if not siennes:
        raise Http404
    structures = (
        Structure.objects.filter(pk__in=siennes)
        .annotate(publiees=Count("experiences", filter=Q(experiences__etat=EtatExperience.PUBLIEE)))
        .order_by("nom", "pk")
    )
    ecrites = Contribution.objects.redigees_par(request.user).ouvertes().select_related("experience")
    contexte = {"structures": structures, "ecrites": ecrites[:BROUILLONS_MONTRES]}
    return render(request, "catalogue/experiences_de_mes_structures.html", contexte)
