"""Une série : montrer ses dates, puis la poser ; changer sa règle, et y revenir."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from maillage.activites.forms.seances import JOURS, SerieForm, premier_jour
from maillage.activites.models import Activite
from maillage.activites.operations.series import (
    changer_serie,
    defaire_la_regle,
    poser_serie,
    regle_d_avant,
    retirer_serie,
)
from maillage.activites.series import Mouvement, prevoir, regle_de
from maillage.activites.views.acces import activite_tenue, serie_tenue
from maillage.comptes.requete import RequeteConnectee
from maillage.core.ecriture import GesteRefuse
from maillage.core.francais import compte
from maillage.core.versions import ConflitDeVersion


@require_http_methods(["GET", "POST"])
def serie_nouvelle(request: RequeteConnectee, pk: int) -> HttpResponse:
    """D'abord les dates, posées et sautées ; le second envoi les enregistre."""
    activite = activite_tenue(request, pk)
    aujourd_hui = timezone.now().astimezone(activite.structure.fuseau).date()
    initiales = premier_jour(aujourd_hui) | {"jour": aujourd_hui.weekday(), "debut": "14:00", "fin": "16:00"}
    donnees = request.POST if request.method == "POST" else None
    form = SerieForm(activite.structure, donnees, initial=initiales)
    mouvement = None
    if form.is_bound and form.is_valid():
        mouvement = prevoir(activite, form.regle)
        if form.est_vue:
            try:
                posee = poser_serie(activite, form.regle, par=request.user)
            except GesteRefuse as refus:
                form.add_error(None, str(refus))
            else:
                dit = f"{compte(len(mouvement.posees), 'séance')} au calendrier."
                messages.success(request, dit, extra_tags=reverse("serie_geste", args=[posee.pk, "retirer"]))
                return redirect("activite", activite.pk)
    return _rendre(request, "activites/serie_nouvelle.html", activite, form, mouvement)


@require_http_methods(["GET", "POST"])
def serie(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Changer la règle : la page montre ce qui bouge et ce qui reste, puis l'enregistre."""
    lue = serie_tenue(request, pk)
    initiales = regle_de(lue).valeurs | {"version": lue.version}
    donnees = request.POST if request.method == "POST" else None
    form = SerieForm(lue.activite.structure, donnees, initial=initiales)
    mouvement = None
    if form.is_bound and form.is_valid():
        mouvement = prevoir(lue.activite, form.regle, lue)
        if form.est_vue:
            try:
                changer_serie(lue, form.regle, version_lue=form.version_lue, par=request.user)
            except (GesteRefuse, ConflitDeVersion) as refus:
                form.add_error(None, str(refus))
            else:
                defaire = reverse("serie_geste", args=[lue.pk, "defaire"])
                messages.success(request, f"La règle a changé. {_dire(mouvement)}", extra_tags=defaire)
                return redirect("activite", lue.activite_id)
    contexte = {
        "serie": lue,
        "a_defaire": regle_d_avant(lue),
        "a_retirer": prevoir(lue.activite, None, lue),
    }
    return _rendre(request, "activites/serie.html", lue.activite, form, mouvement, contexte)


@require_POST
def serie_geste(request: RequeteConnectee, pk: int, geste: str) -> HttpResponse:
    """Revenir à la règle d'avant, ou retirer la série."""
    lue = serie_tenue(request, pk)
    activite = lue.activite_id
    try:
        if geste == "defaire":
            messages.success(
                request, f"La règle d’avant est revenue. {_dire(defaire_la_regle(lue, par=request.user))}"
            )
        else:
            retirees = len(retirer_serie(lue, par=request.user).retirees)
            messages.success(request, f"La série est retirée, avec {compte(retirees, 'séance')} à venir.")
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    return redirect("activite", activite)


def _rendre(
    request: RequeteConnectee,
    gabarit: str,
    activite: Activite,
    form: SerieForm,
    mouvement: Mouvement | None,
    contexte: dict[str, Any] | None = None,
) -> HttpResponse:
    socle: dict[str, Any] = {"activite": activite, "form": form, "mouvement": mouvement}
    if mouvement is not None:
        socle |= {
            "empreinte": form.empreinte,
            "inconnues": form.regle.annees_inconnues(),
            "jours_dits": JOURS,
        }
    return render(request, gabarit, socle | (contexte or {}), status=422 if form.errors else 200)


def _dire(mouvement: Mouvement) -> str:
    """« 12 séances ajoutées, 3 déplacées, 1 retirée. »"""
    nombres = (
        (mouvement.posees, "ajoutée"),
        (mouvement.deplacees, "déplacée"),
        (mouvement.retirees, "retirée"),
    )
    dits = [f"{compte(len(liste), f'séance {mot}')}" for liste, mot in nombres if liste]
    return f"{', '.join(dits)}." if dits else "Aucune séance n’a bougé."
