"""Qui a changé quoi, quand, de quoi à quoi ; et revenir à un texte d'avant."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from maillage.catalogue.champs import CHAMPS
from maillage.catalogue.guide import ETAPE_DU_CHAMP
from maillage.catalogue.histoire import histoire
from maillage.catalogue.models import Contribution, Sauvegarde
from maillage.catalogue.operations.sauvegardes import revenir_a
from maillage.catalogue.permissions import peut_ecrire
from maillage.catalogue.views.redaction import adresse_etape, la_sienne
from maillage.comptes.requete import RequeteConnectee
from maillage.core.ecriture import GesteRefuse

PAR_PAGE = 15


@require_GET
def contribution_histoire(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Pour les membres de la structure, et pour la modération quand la fiche lui a été confiée."""
    suivies = Contribution.objects.suivies_par(request.user)
    contribution = get_object_or_404(suivies.select_related("experience__structure"), pk=pk)
    champ = request.GET.get("champ", "")
    champ = champ if champ in CHAMPS else ""
    page = Paginator(histoire(contribution, champ), PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "contribution": contribution,
        "titre": str(contribution),
        "champ": CHAMPS[champ] if champ else None,
        "page": page,
        "est_a_moi": peut_ecrire(request.user, contribution),
        "peut_revenir": contribution.est_ouverte and peut_ecrire(request.user, contribution),
    }
    return render(request, "catalogue/redaction/histoire.html", contexte)


@require_POST
def contribution_revenir(request: RequeteConnectee, pk: int, sauvegarde: int) -> HttpResponse:
    contribution = la_sienne(request, pk)
    choisie = get_object_or_404(
        Sauvegarde.objects.select_related("contribution__experience"),
        pk=sauvegarde,
        contribution=contribution,
    )
    try:
        revenir_a(choisie, par=request.user)
    except GesteRefuse as refus:
        messages.error(request, str(refus))
        return redirect("contribution", pk)
    messages.success(request, "Le texte d’avant est revenu. Celui qu’il remplace reste dans l’histoire.")
    return redirect(f"{adresse_etape(contribution, ETAPE_DU_CHAMP[choisie.champ])}#{choisie.champ}")
