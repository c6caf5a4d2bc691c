"""La participation des habitants : l'échelle, les fiches à chaque degré, et la preuve de chacune."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillage.comptes.requete import RequeteConnectee
from maillage.core.ecriture import GesteRefuse
from maillage.projets.exportation.gouvernance import graphique_de_la_participation
from maillage.projets.forms.gouvernance import PreuveForm
from maillage.projets.models import PreuveDeParticipation, ProjetSocial
from maillage.projets.operations.gouvernance import ajouter_preuve, retirer_preuve
from maillage.projets.participation import FicheParticipee, lire_participation
from maillage.projets.permissions import peut_tenir_la_gouvernance
from maillage.projets.views.acces import projet_lu
from maillage.projets.views.gouvernance.acces import projet_vivant


@require_GET
def participation(request: RequeteConnectee, pk: int) -> HttpResponse:
    projet = projet_lu(request, pk)
    lue = lire_participation(projet)
    contexte = {
        "projet": projet,
        "participation": lue,
        "graphique": graphique_de_la_participation(lue),
        "tient": peut_tenir_la_gouvernance(request.user, projet),
    }
    return render(request, "projets/gouvernance/participation.html", contexte)


@require_http_methods(["GET", "POST"])
def participation_fiche(request: RequeteConnectee, pk: int, fiche: int) -> HttpResponse:
    """Les preuves d'une fiche, et de quoi en ajouter une."""
    projet = projet_vivant(request, pk)
    lue = get_object_or_404(projet.fiches.select_related("projet"), pk=fiche)
    form = PreuveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            ajouter_preuve(lue, **form.cleaned_data, par=request.user)
        except ValidationError as faute:
            form.add_error(None if hasattr(faute, "error_dict") else "texte", faute)
        except GesteRefuse as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "La preuve est ajoutée.")
            return redirect("participation_fiche", projet.pk, lue.pk)
    participee = next(une for une in _toutes(projet) if une.lue.fiche.pk == lue.pk)
    contexte = {"projet": projet, "une": participee, "fiche": lue, "form": form}
    return render(
        request, "projets/gouvernance/participation_fiche.html", contexte, status=422 if form.errors else 200
    )


@require_POST
def preuve_retirer(request: RequeteConnectee, pk: int, preuve: int) -> HttpResponse:
    projet = projet_vivant(request, pk)
    siennes = PreuveDeParticipation.objects.filter(fiche__projet=projet).select_related("fiche__projet")
    lue = get_object_or_404(siennes, pk=preuve)
    try:
        retirer_preuve(lue, par=request.user)
        messages.success(request, "La preuve est retirée.")
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    return redirect("participation_fiche", projet.pk, lue.fiche_id)


def _toutes(projet: ProjetSocial) -> list[FicheParticipee]:
    lue = lire_participation(projet)
    return [*lue.fiches, *lue.sans_degre]
