"""La liste des projets, et l'essentiel d'un projet."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from maillage.comptes.requete import RequeteConnectee
from maillage.projets.models import ProjetSocial
from maillage.projets.permissions import (
    peut_lire_des_projets,
    peut_ouvrir_un_projet,
    peut_tenir_des_projets,
)

PAR_PAGE = 30


@require_GET
def projets(request: RequeteConnectee) -> HttpResponse:
    """Ceux de mes structures ; pour la Caf, ceux qui lui sont soumis sur son territoire."""
    if not peut_lire_des_projets(request.user):
        raise Http404
    lus = ProjetSocial.objects.visibles_par(request.user).avec_avancement().select_related("structure")
    miens = list(lus.de_l_equipe(request.user))
    autres = lus.exclude(pk__in=[projet.pk for projet in miens])
    contexte = {
        "miens": miens,
        "page": Paginator(autres, PAR_PAGE).get_page(request.GET.get("page")),
        "est_d_un_centre": peut_tenir_des_projets(request.user),
        "peut_ouvrir": peut_ouvrir_un_projet(request.user),
    }
    return render(request, "projets/liste.html", contexte)


@require_GET
def projet(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Où il en est, ce qui vient, ce qui est en retard."""
    lus = ProjetSocial.objects.visibles_par(request.user).select_related("structure")
    return render(request, "projets/projet.html", {"projet": get_object_or_404(lus, pk=pk)})
