"""Les étapes du renouvellement selon une Caf : elle les adapte, et ses centres en partent."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillage.comptes.requete import RequeteConnectee
from maillage.core.ecriture import GesteRefuse
from maillage.projets.forms.retroplanning import EtapeForm
from maillage.projets.models import EtapeRetroplanning
from maillage.projets.operations.retroplanning import (
    ecrire_etape,
    partir_du_modele,
    retirer_etape,
    revenir_au_modele,
)
from maillage.projets.permissions import cafs_a_regler, peut_regler_des_etapes
from maillage.projets.retroplanning import modele_commun
from maillage.territoire.models import Institution


@require_GET
def renouvellement(request: RequeteConnectee) -> HttpResponse:
    """Les Caf que l'on règle ; la sienne, si l'on n'en a qu'une."""
    if not peut_regler_des_etapes(request.user):
        raise Http404
    cafs = list(Institution.objects.filter(cafs_a_regler(request.user)).order_by("nom"))
    if len(cafs) == 1:
        return redirect("renouvellement_caf", cafs[0].pk)
    return render(request, "projets/renouvellement/cafs.html", {"cafs": cafs})


@require_http_methods(["GET", "POST"])
def renouvellement_caf(request: RequeteConnectee, pk: int) -> HttpResponse:
    caf = _caf(request, pk)
    form = EtapeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        ecrire_etape(caf, None, **form.cleaned_data, par=request.user)
        messages.success(request, "L’étape est ajoutée.")
        return redirect("renouvellement_caf", caf.pk)
    siennes = list(caf.etapes_retroplanning.all())
    contexte = {"caf": caf, "siennes": siennes, "modele": modele_commun(), "form": form}
    return render(request, "projets/renouvellement/caf.html", contexte, status=422 if form.errors else 200)


@require_POST
def renouvellement_modele(request: RequeteConnectee, pk: int, geste: str) -> HttpResponse:
    """Partir du modèle commun pour l'adapter, ou y revenir."""
    caf = _caf(request, pk)
    try:
        if geste == "partir":
            partir_du_modele(caf, par=request.user)
            messages.success(request, "Les étapes communes sont copiées. Adaptez-les.")
        else:
            revenir_au_modele(caf, par=request.user)
            messages.success(request, "Le modèle commun vaut de nouveau.")
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    return redirect("renouvellement_caf", caf.pk)


@require_http_methods(["GET", "POST"])
def renouvellement_etape(request: RequeteConnectee, pk: int) -> HttpResponse:
    etape = _etape(request, pk)
    form = EtapeForm(request.POST if request.method == "POST" else None, initial=EtapeForm.valeurs_de(etape))
    if request.method == "POST" and form.is_valid():
        try:
            ecrire_etape(etape.institution, etape, **form.cleaned_data, par=request.user)
        except GesteRefuse as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "L’étape est enregistrée.")
            return redirect("renouvellement_caf", etape.institution_id)
    contexte = {"etape": etape, "caf": etape.institution, "form": form}
    return render(request, "projets/renouvellement/etape.html", contexte, status=422 if form.errors else 200)


@require_POST
def renouvellement_retirer(request: RequeteConnectee, pk: int) -> HttpResponse:
    etape = _etape(request, pk)
    retirer_etape(etape, par=request.user)
    messages.success(request, f"« {etape.titre} » est retirée.")
    return redirect("renouvellement_caf", etape.institution_id)


def _caf(request: RequeteConnectee, pk: int) -> Institution:
    return get_object_or_404(Institution.objects.filter(cafs_a_regler(request.user)), pk=pk)


def _etape(request: RequeteConnectee, pk: int) -> EtapeRetroplanning:
    lues = EtapeRetroplanning.objects.filter(
        institution__in=Institution.objects.filter(cafs_a_regler(request.user))
    )
    return get_object_or_404(lues.select_related("institution"), pk=pk)
