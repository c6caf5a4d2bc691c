"""Ce que l'accueil montre dans « Aujourd'hui » : les passages du jour, à côté d'un jour habituel."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from maillage.accueil.habitudes import jour_de_comptoir
from maillage.accueil.models import TypeDeDemande
from maillage.accueil.permissions import peut_tenir_le_comptoir
from maillage.comptes.permissions import structures_de
from maillage.comptes.requete import RequeteConnectee
from maillage.territoire.models import Structure

CENTRES_MONTRES = 3


@require_GET
def passages_aujourdhui(request: RequeteConnectee) -> HttpResponse:
    """Un centre qui n'a encore aucun type de demande n'a pas de comptoir à montrer."""
    if not peut_tenir_le_comptoir(request.user):
        raise Http404("Vous ne tenez aucun comptoir.")
    types = TypeDeDemande.objects.proposes().order_by().values("structure")
    centres = Structure.objects.filter(pk__in=structures_de(request.user)).filter(pk__in=types)
    comptoirs = [jour_de_comptoir(centre) for centre in centres.order_by("nom", "pk")[:CENTRES_MONTRES]]
    return render(request, "accueil/aujourdhui.html", {"comptoirs": comptoirs})
