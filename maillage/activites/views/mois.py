"""« Mon mois » : ce que j'ai animé, à lire ou à montrer ; sans aucun nom d'habitant."""

from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from maillage.activites.mois import mois_de
from maillage.activites.permissions import peut_tenir_des_activites
from maillage.comptes.requete import RequeteConnectee


@require_GET
def mon_mois(request: RequeteConnectee) -> HttpResponse:
    if not peut_tenir_des_activites(request.user):
        raise Http404("Vous n'animez pas de séance.")
    lu = mois_de(request.user, _premier(request.GET.get("mois", "")))
    return render(request, "activites/mon_mois.html", {"mois": lu})


def _premier(texte: str) -> date:
    """« 2026-11 » ; illisible, absent ou à venir, le mois qui court."""
    ce_mois = timezone.localdate().replace(day=1)
    try:
        voulu = date.fromisoformat(f"{texte}-01")
    except ValueError:
        return ce_mois
    return voulu if date(2000, 1, 1) <= voulu <= ce_mois else ce_mois
