"""Ce que les activités montrent dans « Aujourd'hui » : les séances du jour, les feuilles à terminer, les
places qui attendent une réponse."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from maillage.activites.aujourdhui import feuilles_a_terminer, places_proposees, seances_du_jour
from maillage.activites.permissions import peut_tenir_des_activites
from maillage.comptes.requete import RequeteConnectee

FEUILLES_MONTREES = 5


@require_GET
def seances_aujourdhui(request: RequeteConnectee) -> HttpResponse:
    if not peut_tenir_des_activites(request.user):
        raise Http404("Vous n'avez pas de séances.")
    contexte = {"seances": seances_du_jour(request.user), "maintenant": timezone.now()}
    return render(request, "activites/aujourdhui/seances.html", contexte)


@require_GET
def feuilles_aujourdhui(request: RequeteConnectee) -> HttpResponse:
    """Sans aucun nom : la feuille elle-même demandera le second facteur."""
    if not peut_tenir_des_activites(request.user):
        raise Http404("Vous n'avez pas de feuilles.")
    attendues = list(feuilles_a_terminer(request.user)[: FEUILLES_MONTREES + 1])
    contexte = {
        "feuilles": attendues[:FEUILLES_MONTREES],
        "il_en_reste": len(attendues) > FEUILLES_MONTREES,
        "maintenant": timezone.now(),
    }
    return render(request, "activites/aujourdhui/feuilles.html", contexte)


@require_GET
def places_aujourdhui(request: RequeteConnectee) -> HttpResponse:
    """Une place libérée s'est proposée d'elle-même : à rappeler avant la fin du délai. Sans aucun nom."""
    if not peut_tenir_des_activites(request.user):
        raise Http404("Vous n'avez pas d'inscriptions.")
    contexte = {"activites": places_proposees(request.user)}
    return render(request, "activites/aujourdhui/places.html", contexte)
