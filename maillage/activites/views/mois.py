"""« Mon mois » : ce que j'ai animé, à lire ou à montrer ; sans aucun nom d'habitant."""

from datetime import date

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from maillage.activites.mois import gens_au_dehors, mois_de, mois_du_jeton, partager
from maillage.activites.permissions import peut_tenir_des_activites
from maillage.comptes.models import Utilisateur
from maillage.comptes.requete import RequeteConnectee
from maillage.core.acces import interne
from maillage.core.debit import Debit, limiter

A_LIRE = Debit("mois_partage", par_minute=60, rafale=60)


@require_GET
def mon_mois(request: RequeteConnectee) -> HttpResponse:
    if not peut_tenir_des_activites(request.user):
        raise Http404("Vous n'animez pas de séance.")
    lu = mois_de(request.user, _premier(request.GET.get("mois", "")))
    partage = partager(lu, request.user)
    lien = f"{settings.MAILLAGE_URL}{partage.adresse}"
    return render(request, "activites/mon_mois.html", {"mois": lu, "partage": partage, "lien": lien})


@interne
@limiter(A_LIRE)
@require_GET
def mon_mois_partage(request: HttpRequest, jeton: str) -> HttpResponse:
    """Le même mois, pour qui a reçu son adresse. Elle se périme, et ne vaut plus rien quand la personne est partie."""
    partage = mois_du_jeton(jeton)
    animateur = Utilisateur.objects.filter(pk=partage.animateur, is_active=True).first() if partage else None
    if partage is None or animateur is None or not peut_tenir_des_activites(animateur):
        raise Http404("Cette adresse n’existe pas.")
    mois = None if partage.est_perime else mois_de(animateur, partage.premier)
    gens = gens_au_dehors(mois.total) if mois else []
    contexte = {"mois": mois, "animateur": animateur, "partage": partage, "gens": gens}
    reponse = render(request, "activites/mon_mois_partage.html", contexte, status=200 if mois else 410)
    reponse["X-Robots-Tag"] = "noindex"
    reponse["Cache-Control"] = "private, no-store"
    return reponse


def _premier(texte: str) -> date:
    """« 2026-11 » ; illisible, absent ou à venir, le mois qui court."""
    ce_mois = timezone.localdate().replace(day=1)
    try:
        voulu = date.fromisoformat(f"{texte}-01")
    except ValueError:
        return ce_mois
    return voulu if date(2000, 1, 1) <= voulu <= ce_mois else ce_mois
