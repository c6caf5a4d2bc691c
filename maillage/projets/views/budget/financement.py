"""Le plan de financement : qui finance, ce qu'on lui demande, ce qu'il répond."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from maillage.comptes.requete import RequeteConnectee
from maillage.core.conflits import Ecart, relire
from maillage.core.ecriture import GesteRefuse
from maillage.core.versions import ConflitDeVersion
from maillage.projets.forms.budget import FinancementForm
from maillage.projets.lecture_du_budget import AnneeDeBudget
from maillage.projets.models import Financement
from maillage.projets.operations.budget import (
    ajouter_financement,
    financeurs_connus,
    modifier_financement,
    retirer_financement,
)
from maillage.projets.views.budget.annee import annee_tenue


@require_http_methods(["GET", "POST"])
def financement_nouveau(request: RequeteConnectee, pk: int, annee: int) -> HttpResponse:
    lue = annee_tenue(request, pk, annee)
    form = FinancementForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            pose = ajouter_financement(lue.projet, annee, **form.valeurs, par=request.user)
        except GesteRefuse as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, f"« {pose} » est au plan de {annee}.")
            suite = "financement_nouveau" if request.POST.get("rester") else "budget_annee"
            return redirect(suite, lue.projet.pk, annee)
    return _montrer(request, lue, form, [])


@require_http_methods(["GET", "POST"])
def financement(request: RequeteConnectee, pk: int, annee: int, financement: int) -> HttpResponse:
    lue = annee_tenue(request, pk, annee)
    lu = _lu(lue, financement)
    valeurs = FinancementForm.valeurs_de(lu)
    form = FinancementForm(
        request.POST if request.method == "POST" else None, initial=valeurs | {"version": lu.version}
    )
    differences: list[Ecart] = []
    if request.method == "POST" and form.is_valid():
        try:
            modifier_financement(lu, version_lue=form.version_lue, **form.valeurs, par=request.user)
        except ConflitDeVersion:
            differences = relire(form, FinancementForm.valeurs_de(lu), lu.version)
        except GesteRefuse as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, f"« {lu} » est enregistré.")
            return redirect("budget_annee", lue.projet.pk, annee)
    return _montrer(request, lue, form, differences, lu)


@require_POST
def financement_retirer(request: RequeteConnectee, pk: int, annee: int, financement: int) -> HttpResponse:
    lue = annee_tenue(request, pk, annee)
    lu = _lu(lue, financement)
    try:
        retirer_financement(lu, par=request.user)
        messages.success(request, f"« {lu} » n’est plus au plan de {annee}.")
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    return redirect("budget_annee", lue.projet.pk, annee)


def _lu(lue: AnneeDeBudget, pk: int) -> Financement:
    siens = lue.projet.financements.filter(annee=lue.annee).select_related("projet")
    trouve: Financement = get_object_or_404(siens, pk=pk)
    return trouve


def _montrer(
    request: RequeteConnectee,
    lue: AnneeDeBudget,
    form: FinancementForm,
    differences: list[Ecart],
    lu: Financement | None = None,
) -> HttpResponse:
    contexte = {
        "projet": lue.projet,
        "annee": lue.annee,
        "form": form,
        "financement": lu,
        "financeurs": financeurs_connus(lue.projet),
        "ecarts": differences,
    }
    return render(request, "projets/budget/financement.html", contexte, status=422 if form.errors else 200)
