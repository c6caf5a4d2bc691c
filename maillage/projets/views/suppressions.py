"""Supprimer une fiche action : la page dit ce qui part avec elle, et où elle est citée."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from maillage.comptes.requete import RequeteConnectee
from maillage.core.ecriture import GesteRefuse
from maillage.projets.operations.suppressions import (
    ce_qui_retient,
    endroits_qui_citent_la_fiche,
    envois_qui_la_portent,
    supprimer_fiche,
)
from maillage.projets.views.acces import fiche_tenue


@require_http_methods(["GET", "POST"])
def fiche_action_supprimer(request: RequeteConnectee, pk: int) -> HttpResponse:
    fiche = fiche_tenue(request, pk)
    if request.method == "POST":
        try:
            supprimer_fiche(fiche, par=request.user)
        except GesteRefuse as refus:
            messages.error(request, str(refus))
            return redirect("fiche_action_supprimer", pk)
        messages.success(request, f"« {fiche.titre} » est supprimée.")
        return redirect("arbre", fiche.projet_id)
    contexte = {
        "projet": fiche.projet,
        "fiche": fiche,
        "places": endroits_qui_citent_la_fiche(fiche),
        "raison": ce_qui_retient(fiche),
        "envois": envois_qui_la_portent(fiche),
        "indicateurs": fiche.indicateurs.count(),
        "etapes": fiche.etapes.count(),
        "remarques": fiche.remarques.count(),
    }
    return render(request, "projets/fiche/supprimer.html", contexte)
