"""Les droits d'une personne, en un écran : voir, corriger, geler, effacer ; et les demandes en cours."""

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillage.comptes.nominatif import nominative
from maillage.comptes.permissions import structures_dirigees
from maillage.comptes.requete import RequeteConnectee
from maillage.core.conservation import exporter
from maillage.core.ecriture import GesteRefuse
from maillage.personnes.choices import EtatDemandeDeDroits, EtatPersonne, GenreDemandeDeDroits
from maillage.personnes.exportation import archive_d_une_personne
from maillage.personnes.forms.droits import DemandeForm, EffacerForm, ReponseForm
from maillage.personnes.models import DemandeDeDroits
from maillage.personnes.operations import (
    degeler_personne,
    effacer_personne,
    fiches_de,
    geler_personne,
    recevoir_demande_de_droits,
    repondre_a_la_demande,
)
from maillage.personnes.permissions import peut_repondre_a_la_personne
from maillage.personnes.views.acces import fiche_ouverte, personne_dirigee, personne_gardee


@require_http_methods(["GET", "POST"])
@nominative
def personne_droits(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Recevoir une demande ; voir ce que le centre sait ; et, pour la direction, geler ou effacer."""
    lue = fiche_ouverte(request, personne_gardee(request, pk))
    form = DemandeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            recevoir_demande_de_droits(
                lue,
                GenreDemandeDeDroits(form.cleaned_data["genre"]),
                recue_le=form.cleaned_data["recue_le"],
                par=request.user,
            )
        except GesteRefuse as refus:
            form.add_error("recue_le", str(refus))
        else:
            messages.success(request, "La demande est notée. Le centre a un mois pour répondre.")
            return redirect("personne_droits", lue.pk)
    dirige = peut_repondre_a_la_personne(request.user, lue)
    contexte = {
        "personne": lue,
        "demandes": lue.demandes_de_droits.select_related("close_par"),
        "form": form,
        "reponse_form": ReponseForm() if dirige else None,
        "effacer_form": EffacerForm(attendu=str(lue)) if dirige else None,
        "est_gelee": lue.etat == EtatPersonne.LIMITEE,
        "aujourd_hui": timezone.localdate(),
    }
    return render(request, "personnes/droits.html", contexte, status=422 if form.errors else 200)


@require_GET
@nominative
def personne_archive(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Tout ce que le centre sait d'elle, à lire et à imprimer."""
    lue = fiche_ouverte(request, personne_gardee(request, pk))
    chapitres = [c for c in exporter(*(une.pk for une in fiches_de(lue))) if any(c.lignes)]
    contexte = {"personne": lue, "chapitres": chapitres, "aujourd_hui": timezone.localdate()}
    return render(request, "personnes/archive.html", contexte)


@require_GET
@nominative
def personne_archive_json(request: RequeteConnectee, pk: int) -> HttpResponse:
    lue = fiche_ouverte(request, personne_gardee(request, pk))
    contenu = {
        "centre": lue.structure.nom,
        "fait_le": timezone.localdate().isoformat(),
        "chapitres": archive_d_une_personne(exporter(*(une.pk for une in fiches_de(lue)))),
    }
    reponse = JsonResponse(contenu, json_dumps_params={"ensure_ascii": False, "indent": 1})
    reponse["Content-Disposition"] = f'attachment; filename="personne-{lue.pk}.json"'
    return reponse


@require_POST
@nominative
def personne_geler(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Gèle, ou lève le gel."""
    lue = personne_dirigee(request, pk)
    try:
        if lue.etat == EtatPersonne.LIMITEE:
            degeler_personne(lue, par=request.user)
            messages.success(request, "Le gel est levé : la fiche se suit de nouveau.")
        else:
            geler_personne(lue, par=request.user)
            messages.success(request, "La fiche est gelée : elle n’apparaît plus qu’à la direction.")
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    return redirect("personne_droits", lue.pk)


@require_POST
@nominative
def personne_effacer(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Sans retour : le nom de la personne se recopie pour confirmer."""
    lue = personne_dirigee(request, pk)
    form = EffacerForm(request.POST, attendu=str(lue))
    if not form.is_valid():
        messages.error(request, "Rien n’est effacé : recopiez le nom de la fiche pour confirmer.")
        return redirect("personne_droits", lue.pk)
    try:
        effacer_personne(lue, raison="demande", par=request.user)
        messages.success(request, "La personne est effacée. Ses venues restent comptées, sans rien d’elle.")
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    return redirect("personnes")


@require_POST
@nominative
def demande_repondre(request: RequeteConnectee, pk: int) -> HttpResponse:
    demande = get_object_or_404(DemandeDeDroits.objects.du_registre(request.user), pk=pk)
    if demande.structure_id not in structures_dirigees(request.user):
        raise Http404("La direction seule répond.")
    form = ReponseForm(request.POST)
    retour = (
        redirect("personne_droits", demande.personne_id) if demande.personne_id else redirect("personnes")
    )
    if not form.is_valid():
        messages.error(request, "Choisissez la réponse.")
        return retour
    try:
        repondre_a_la_demande(
            demande,
            EtatDemandeDeDroits(form.cleaned_data["etat"]),
            form.cleaned_data["reponse"],
            par=request.user,
        )
        messages.success(request, "La réponse est notée.")
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    return retour
