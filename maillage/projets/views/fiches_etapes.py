"""Les étapes datées d'une fiche."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from maillage.comptes.requete import RequeteConnectee
from maillage.core.ecriture import GesteRefuse
from maillage.core.versions import ConflitDeVersion
from maillage.projets.forms.fiche_equipe import EtapeDateeForm
from maillage.projets.models import Etape, FicheAction
from maillage.projets.operations.etapes import ajouter_etape, cocher_etape, modifier_etape, oter_etape
from maillage.projets.views.acces import fiche_tenue
from maillage.projets.views.fiches import contexte_de_la_fiche


@require_http_methods(["GET", "POST"])
def fiche_action_etape_nouvelle(request: RequeteConnectee, pk: int) -> HttpResponse:
    fiche = fiche_tenue(request, pk)
    form = EtapeDateeForm(fiche.projet, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ajouter_etape(fiche, **form.valeurs(), par=request.user)
        except GesteRefuse as refus:
            messages.error(request, str(refus))
        return redirect(_retour(fiche))
    return _montrer(request, fiche, form, 422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def fiche_action_etape_modifier(request: RequeteConnectee, pk: int, etape: int) -> HttpResponse:
    fiche = fiche_tenue(request, pk)
    choisie = get_object_or_404(fiche.etapes.select_related("fiche__projet"), pk=etape)
    form = EtapeDateeForm(fiche.projet, request.POST or None, etape=choisie)
    statut = 422
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"] or 0
            modifier_etape(choisie, version_lue=version, **form.valeurs(), par=request.user)
        except ConflitDeVersion:
            choisie.refresh_from_db()
            dite = f"« {choisie} », le {choisie.du:%d/%m/%Y}"
            form.add_error(
                None,
                f"Quelqu’un vient de changer cette étape : {dite}. Enregistrez encore pour garder la vôtre.",
            )
            form.data = {**request.POST.dict(), "version": str(choisie.version)}
            statut = 409
        except GesteRefuse as refus:
            messages.error(request, str(refus))
            return redirect(_retour(fiche))
        else:
            return redirect(_retour(fiche))
    return _montrer(request, fiche, form, statut if form.errors else 200, choisie)


def _montrer(
    request: RequeteConnectee,
    fiche: FicheAction,
    form: EtapeDateeForm,
    statut: int,
    etape: Etape | None = None,
) -> HttpResponse:
    contexte = contexte_de_la_fiche(fiche) | {"form": form, "etape": etape}
    return render(request, "projets/fiche/etape.html", contexte, status=statut)


@require_POST
def fiche_action_etape_cocher(request: RequeteConnectee, pk: int, etape: int) -> HttpResponse:
    fiche = fiche_tenue(request, pk)
    choisie = get_object_or_404(fiche.etapes.select_related("fiche__projet"), pk=etape)
    try:
        cocher_etape(choisie, request.POST.get("faite") == "oui", par=request.user)
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    return redirect(_retour(fiche))


@require_POST
def fiche_action_etape_oter(request: RequeteConnectee, pk: int, etape: int) -> HttpResponse:
    fiche = fiche_tenue(request, pk)
    choisie = get_object_or_404(fiche.etapes.select_related("fiche__projet"), pk=etape)
    try:
        oter_etape(choisie, par=request.user)
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, f"L’étape « {choisie} » est ôtée.")
    return redirect(_retour(fiche))


def _retour(fiche: FicheAction) -> str:
    return reverse("fiche_action", args=[fiche.pk]) + "#etapes-datees"
