"""Retirer une fiche, avec la raison, et la remettre."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from maillage.catalogue.forms.retraits import RetraitForm
from maillage.catalogue.models import Experience
from maillage.catalogue.operations.retraits import RetraitImpossible, remettre_experience, retirer_experience
from maillage.catalogue.permissions import peut_remettre, peut_retirer
from maillage.comptes.requete import RequeteConnectee
from maillage.core.versions import ConflitDeVersion

ELLE_A_CHANGE = "Cette fiche vient de changer. Relisez-la, puis recommencez."


@require_http_methods(["GET", "POST"])
def experience_retirer(request: RequeteConnectee, code: str) -> HttpResponse:
    """Confirmer, en disant pourquoi."""
    fiche = _suivie(request, code)
    if not peut_retirer(request.user, fiche):
        raise Http404
    form = RetraitForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            retirer_experience(fiche, form.motif, par=request.user)
        except (RetraitImpossible, ConflitDeVersion) as refus:
            messages.error(request, ELLE_A_CHANGE if isinstance(refus, ConflitDeVersion) else str(refus))
        else:
            messages.success(
                request,
                f"« {fiche.titre} » est retirée du catalogue.",
                extra_tags=reverse("experience_remettre", args=[fiche.code]),
            )
        return redirect("experience", fiche.code, fiche.slug)
    if not fiche.est_publiee:
        return redirect("experience", fiche.code, fiche.slug)
    contexte = {"fiche": fiche, "form": form, "nombre_de_collections": fiche.collections.count()}
    return render(request, "catalogue/retrait.html", contexte, status=422 if form.errors else 200)


@require_POST
def experience_remettre(request: RequeteConnectee, code: str) -> HttpResponse:
    fiche = _suivie(request, code)
    if not peut_remettre(request.user, fiche):
        raise Http404
    try:
        remettre_experience(fiche, par=request.user)
        messages.success(request, f"« {fiche.titre} » est de nouveau en ligne.")
    except (RetraitImpossible, ConflitDeVersion) as refus:
        messages.error(request, ELLE_A_CHANGE if isinstance(refus, ConflitDeVersion) else str(refus))
    return redirect("experience", fiche.code, fiche.slug)


def _suivie(request: RequeteConnectee, code: str) -> Experience:
    suivies = Experience.objects.suivies_par(request.user).select_related("structure", "retiree_par")
    return get_object_or_404(suivies, code=code.lower())
