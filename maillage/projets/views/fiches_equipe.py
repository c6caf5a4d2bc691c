"""Ce que l'équipe se dit d'une fiche : remarques, relectures, et ce qui attend dans « Aujourd'hui »."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillage.comptes.requete import RequeteConnectee
from maillage.core.ecriture import GesteRefuse
from maillage.projets.forms.fiche_equipe import AvisForm, FaireRelireForm, RemarqueForm
from maillage.projets.models import FicheAction, Relecture
from maillage.projets.operations.relectures import (
    donner_un_avis,
    faire_relire,
    remarquer,
    resoudre_remarque,
)
from maillage.projets.permissions import peut_tenir_des_projets
from maillage.projets.views.fiches import contexte_de_la_fiche, fiche_de_l_equipe, page_de_lecture


@require_POST
def fiche_action_remarquer(request: RequeteConnectee, pk: int) -> HttpResponse:
    fiche = fiche_de_l_equipe(request, pk)
    form = RemarqueForm(request.POST)
    if form.is_valid():
        remarquer(fiche, form.cleaned_data["texte"], champ=form.cleaned_data["champ"], par=request.user)
        messages.success(request, "Votre mot est laissé. Toute l’équipe le voit.")
    else:
        messages.error(request, " ".join(str(e) for erreurs in form.errors.values() for e in erreurs))
    return redirect(_retour(fiche))


@require_POST
def fiche_action_remarque(request: RequeteConnectee, pk: int, remarque: int) -> HttpResponse:
    """La dire faite, ou la rouvrir."""
    fiche = fiche_de_l_equipe(request, pk)
    choisie = get_object_or_404(fiche.remarques, pk=remarque)
    est_resolue = request.POST.get("resolue") == "oui"
    resoudre_remarque(choisie, est_resolue, par=request.user)
    if est_resolue:
        messages.success(
            request,
            "La remarque est rangée.",
            extra_tags=reverse("fiche_action_remarque", args=[fiche.pk, choisie.pk]),
        )
    return redirect(_retour(fiche))


@require_http_methods(["GET", "POST"])
def fiche_action_faire_relire(request: RequeteConnectee, pk: int) -> HttpResponse:
    fiche = fiche_de_l_equipe(request, pk)
    form = FaireRelireForm(fiche, request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        personne = form.cleaned_data["demandee_a"]
        try:
            faire_relire(fiche, personne, mot=form.cleaned_data["mot"], par=request.user)
        except GesteRefuse as refus:
            form.add_error("demandee_a", str(refus))
        else:
            messages.success(request, f"{personne.get_full_name()} reçoit un courriel.")
            return redirect(_retour(fiche))
    contexte = contexte_de_la_fiche(fiche) | {"form": form}
    return render(request, "projets/fiche/faire_relire.html", contexte, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def fiche_action_relecture(request: RequeteConnectee, pk: int, relecture: int) -> HttpResponse:
    """La fiche à lire, et l'avis à donner. À la seule personne à qui on l'a demandé."""
    fiche = fiche_de_l_equipe(request, pk)
    demandee = get_object_or_404(
        fiche.relectures.select_related("demandee_par"), pk=relecture, demandee_a=request.user
    )
    if demandee.faite_le:
        return redirect(_retour(fiche))
    form = AvisForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            donner_un_avis(demandee, form.cleaned_data["avis"], par=request.user)
        except GesteRefuse as refus:
            messages.error(request, str(refus))
        else:
            messages.success(request, "Merci. Votre avis est parti.")
        return redirect(_retour(fiche))
    contexte = contexte_de_la_fiche(fiche)
    contexte |= {
        "form": form,
        "relecture": demandee,
        "document": page_de_lecture(request, contexte["lue"], contexte["arbre"]),
    }
    return render(request, "projets/fiche/relecture.html", contexte, status=422 if form.errors else 200)


@require_GET
def relectures_attendues(request: RequeteConnectee) -> HttpResponse:
    """Dans « Aujourd'hui » : les fiches que l'on m'a demandé de relire."""
    if not peut_tenir_des_projets(request.user):
        raise Http404
    attendues = (
        Relecture.objects.filter(
            demandee_a=request.user,
            faite_le=None,
            fiche__in=FicheAction.objects.de_l_equipe(request.user).order_by(),
        )
        .select_related("fiche", "demandee_par")
        .order_by("demandee_le")
    )
    return render(request, "projets/fiche/relectures_attendues.html", {"relectures": attendues})


def _retour(fiche: FicheAction) -> str:
    return reverse("fiche_action", args=[fiche.pk]) + "#remarques"
