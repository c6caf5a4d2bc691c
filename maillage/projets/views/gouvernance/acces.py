"""Trouver l'objet d'une page de la gouvernance, dans le projet de l'adresse et nulle part ailleurs."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from maillage.comptes.requete import RequeteConnectee
from maillage.projets.models import Decision, Instance, Mandat, ProjetSocial, Reunion
from maillage.projets.permissions import peut_tenir_la_gouvernance
from maillage.projets.views.acces import projet_lu


def projet_vivant(request: RequeteConnectee, pk: int) -> ProjetSocial:
    """Celui dont on tient la gouvernance ; pour les autres, la page n'existe pas."""
    projet = projet_lu(request, pk)
    if not peut_tenir_la_gouvernance(request.user, projet):
        raise Http404("Cette gouvernance ne s'écrit pas.")
    return projet


def instance_de(projet: ProjetSocial, pk: int) -> Instance:
    instance: Instance = get_object_or_404(projet.instances.select_related("projet"), pk=pk)
    return instance


def reunion_de(projet: ProjetSocial, pk: int) -> Reunion:
    lues = Reunion.objects.du_projet(projet).select_related("instance__projet__structure")
    reunion: Reunion = get_object_or_404(lues, pk=pk)
    return reunion


def mandat_de(projet: ProjetSocial, pk: int) -> Mandat:
    siens = Mandat.objects.filter(college__instance__projet=projet)
    mandat: Mandat = get_object_or_404(siens.select_related("college__instance__projet"), pk=pk)
    return mandat


def decision_de(projet: ProjetSocial, pk: int) -> Decision:
    siennes = Decision.objects.filter(reunion__instance__projet=projet)
    decision: Decision = get_object_or_404(siennes.select_related("reunion__instance__projet"), pk=pk)
    return decision


def montrer_le_formulaire(
    request: RequeteConnectee, projet: ProjetSocial, form: Any, titre: str, retour: str, **contexte: Any
) -> HttpResponse:
    """Une page, un formulaire. `retour` : où mène « Annuler »."""
    page = {"projet": projet, "form": form, "titre": titre, "retour": retour, "bouton": "Enregistrer"}
    return render(
        request,
        "projets/gouvernance/formulaire.html",
        page | contexte,
        status=422 if form.errors else 200,
    )
