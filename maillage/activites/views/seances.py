"""Une séance : la poser, la changer seule, l'annuler ; qui y intervient."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillage.activites.forms.seances import RaisonForm, SeanceForm
from maillage.activites.forms.themes import InterventionForm
from maillage.activites.models import PartenaireDuCentre, Seance
from maillage.activites.operations.partenaires import noter_intervention, retirer_intervention
from maillage.activites.operations.seances import (
    annuler_seance,
    changer_seance,
    poser_seance,
    remettre_seance,
    rendre_a_la_serie,
)
from maillage.activites.views.acces import activite_tenue, intervention_tenue, seance_tenue
from maillage.comptes.requete import RequeteConnectee
from maillage.core.conflits import Ecart, relire
from maillage.core.ecriture import GesteRefuse
from maillage.core.francais import date_longue
from maillage.core.versions import ConflitDeVersion


@require_http_methods(["GET", "POST"])
def seance_nouvelle(request: RequeteConnectee, pk: int) -> HttpResponse:
    activite = activite_tenue(request, pk)
    aujourd_hui = timezone.now().astimezone(activite.structure.fuseau).date()
    donnees = request.POST if request.method == "POST" else None
    form = SeanceForm(activite, donnees, initial={"jour": aujourd_hui, "debut": "14:00", "fin": "16:00"})
    if request.method == "POST" and form.is_valid():
        try:
            posee = poser_seance(activite, **form.valeurs, par=request.user)
        except GesteRefuse as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, f"La séance du {date_longue(posee.jour)} est posée.")
            return redirect("activite", activite.pk)
    contexte = {"activite": activite, "form": form}
    return render(request, "activites/seance_nouvelle.html", contexte, status=422 if form.errors else 200)


@require_GET
def seance(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Quand, où, quel thème, avec qui ; et le chemin vers la feuille de présence."""
    lue = seance_tenue(request, pk)
    return _montrer(request, lue)


def _montrer(
    request: RequeteConnectee,
    lue: Seance,
    *,
    form_raison: RaisonForm | None = None,
    form_intervention: InterventionForm | None = None,
) -> HttpResponse:
    connus = PartenaireDuCentre.objects.filter(structure=lue.activite.structure_id)
    contexte = {
        "seance": lue,
        "activite": lue.activite,
        "interventions": lue.interventions.select_related("partenaire"),
        "partenaires_connus": connus.select_related("partenaire").order_by("partenaire__nom", "pk"),
        "form_raison": form_raison or RaisonForm(),
        "form_intervention": form_intervention or InterventionForm(),
    }
    fautive = any(form is not None and form.errors for form in (form_raison, form_intervention))
    return render(request, "activites/seance.html", contexte, status=422 if fautive else 200)


@require_http_methods(["GET", "POST"])
def seance_modifier(request: RequeteConnectee, pk: int) -> HttpResponse:
    lue = seance_tenue(request, pk)
    lues = SeanceForm.valeurs_de(lue)
    donnees = request.POST if request.method == "POST" else None
    form = SeanceForm(lue.activite, donnees, initial=lues | {"version": lue.version})
    differences: list[Ecart] = []
    if request.method == "POST" and form.is_valid():
        try:
            changer_seance(lue, version_lue=form.version_lue, **form.valeurs, par=request.user)
        except ConflitDeVersion:
            differences = relire(form, lues, lue.version)
        else:
            dit = f"La séance est maintenant le {date_longue(lue.jour)}, {lue.horaire}."
            messages.success(request, dit)
            return redirect("seance", lue.pk)
    contexte = {"seance": lue, "activite": lue.activite, "form": form, "ecarts": differences}
    return render(request, "activites/seance_modifier.html", contexte, status=422 if form.errors else 200)


@require_POST
def seance_annuler(request: RequeteConnectee, pk: int) -> HttpResponse:
    lue = seance_tenue(request, pk)
    form = RaisonForm(request.POST)
    if not form.is_valid():
        return _montrer(request, lue, form_raison=form)
    try:
        annuler_seance(lue, raison=form.cleaned_data["raison"], par=request.user)
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    else:
        defaire = reverse("seance_geste", args=[pk, "remettre"])
        messages.success(request, f"La séance du {date_longue(lue.jour)} est annulée.", extra_tags=defaire)
    return redirect("seance", pk)


@require_POST
def seance_geste(request: RequeteConnectee, pk: int, geste: str) -> HttpResponse:
    """La remettre, ou la rendre à sa série."""
    lue = seance_tenue(request, pk)
    try:
        if geste == "rendre":
            rendre_a_la_serie(lue, par=request.user)
            messages.success(request, f"La séance suit de nouveau sa série : {date_longue(lue.jour)}.")
        else:
            remettre_seance(lue, par=request.user)
            messages.success(request, f"La séance du {date_longue(lue.jour)} est de nouveau prévue.")
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    return redirect("seance", pk)


# --- Avec qui ---------------------------------------------------------------------------------------


@require_POST
def intervention_nouvelle(request: RequeteConnectee, pk: int) -> HttpResponse:
    lue = seance_tenue(request, pk)
    form = InterventionForm(request.POST)
    if form.is_valid():
        try:
            notee = noter_intervention(lue, **form.cleaned_data, par=request.user)
        except GesteRefuse as refus:
            form.add_error("partenaire", str(refus))
        else:
            defaire = reverse("intervention_retirer", args=[notee.pk])
            messages.success(request, "C’est noté.", extra_tags=defaire)
            return redirect("seance", pk)
    return _montrer(request, lue, form_intervention=form)


@require_POST
def intervention_retirer(request: RequeteConnectee, pk: int) -> HttpResponse:
    lue = intervention_tenue(request, pk)
    retirer_intervention(lue, par=request.user)
    messages.success(request, "L’intervention est ôtée.")
    return redirect("seance", lue.seance_id)
