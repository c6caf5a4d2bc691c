"""À la page « Aujourd’hui » : les dossiers qui attendent la Caf, les compléments qu’elle attend du centre."""

from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from maillage.comptes.requete import RequeteConnectee
from maillage.projets.dossiers_recus import dossiers_recus
from maillage.projets.models import DemandeDeComplements, ProjetSocial
from maillage.projets.permissions import peut_lire_des_dossiers, peut_tenir_des_projets

MONTRES: Final = 5
ATTENDENT: Final = {"a_lire", "a_repondre"}


@require_GET
def dossiers_du_jour(request: RequeteConnectee) -> HttpResponse:
    """Les dossiers à lire et à instruire, l'échéance la plus proche d'abord."""
    if not peut_lire_des_dossiers(request.user):
        raise Http404
    tous = dossiers_recus(ProjetSocial.objects.transmis_a(request.user))
    attendent = [un for un in tous if un.situation in ATTENDENT]
    contexte = {"dossiers": attendent[:MONTRES], "combien": len(attendent)}
    return render(request, "projets/instruction/du_jour.html", contexte)


@require_GET
def complements_du_jour(request: RequeteConnectee) -> HttpResponse:
    """Les compléments que la Caf attend du centre, et ce qui en reste à répondre."""
    if not peut_tenir_des_projets(request.user):
        raise Http404
    ouvertes = (
        DemandeDeComplements.objects.filter(
            envoi__projet__in=ProjetSocial.objects.de_l_equipe(request.user),
            reponse=None,
            retiree_le=None,
        )
        .select_related("envoi__projet")
        .defer("envoi__contenu")
        .prefetch_related("points")
        .order_by("demandee_le", "pk")
    )
    demandes = [
        (demande, sum(not point.reponse for point in demande.points.all())) for demande in ouvertes[:MONTRES]
    ]
    return render(request, "projets/envois/complements_du_jour.html", {"demandes": demandes})
