"""Les initiatives d'habitants : la liste, en accueillir une, sa page, la suivre."""

from typing import Any, Final

from django.contrib import messages
from django.db.models import Count, Max
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillage.activites.choices import EtatInitiative
from maillage.activites.forms.initiatives import InitiativeForm, SuiviForm
from maillage.activites.models import Initiative, SuiviDInitiative
from maillage.activites.operations.initiatives import (
    accueillir_initiative,
    defaire_le_suivi,
    modifier_initiative,
    suivre_initiative,
)
from maillage.activites.permissions import peut_tenir_des_activites
from maillage.comptes.permissions import structures_de
from maillage.comptes.requete import RequeteConnectee
from maillage.core.conflits import Ecart, relire
from maillage.core.ecriture import GesteRefuse
from maillage.core.versions import ConflitDeVersion
from maillage.territoire.models import Structure

OUVERTES: Final = (EtatInitiative.IDEE, EtatInitiative.EN_MONTAGE)


@require_GET
def initiatives(request: RequeteConnectee) -> HttpResponse:
    """Celles qui bougent, ou celles d'un état."""
    if not peut_tenir_des_activites(request.user):
        raise Http404
    siennes = Initiative.objects.de_l_equipe(request.user)
    nombres = dict(siennes.order_by().values_list("etat").annotate(nombre=Count("pk")))
    voulu = request.GET.get("etat", "")
    etats = [voulu] if voulu in EtatInitiative.values else list(OUVERTES)
    montrees = siennes.filter(etat__in=etats).select_related("fiche", "referente", "structure")
    contexte = {
        "initiatives": montrees.annotate(dernier=Max("suivis__le")).order_by("-dernier", "-pk"),
        "etats": [(etat, libelle, nombres.get(etat, 0)) for etat, libelle in EtatInitiative.choices],
        "voulu": voulu if voulu in EtatInitiative.values else "",
        "ouvertes": sum(nombres.get(etat, 0) for etat in OUVERTES),
        "total": sum(nombres.values()),
    }
    return render(request, "activites/initiatives/liste.html", contexte)


@require_http_methods(["GET", "POST"])
def initiative_nouvelle(request: RequeteConnectee) -> HttpResponse:
    if not peut_tenir_des_activites(request.user):
        raise Http404
    structure = _structure(request)
    form = InitiativeForm(request.POST if request.method == "POST" else None, structure=structure)
    if request.method == "POST" and form.is_valid():
        nommes = form.cleaned_data["partenaires"]
        nee = accueillir_initiative(structure, form.valeurs, partenaires=nommes, par=request.user)
        messages.success(request, f"« {nee} » est accueillie.")
        return redirect("initiative", nee.pk)
    contexte = {"form": form, "structure": structure, "structures": _structures(request)}
    return render(
        request, "activites/initiatives/nouvelle.html", contexte, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "POST"])
def initiative(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Où elle en est, ses dates, et de quoi en noter une."""
    lue = _initiative(request, pk)
    form = SuiviForm(request.POST if request.method == "POST" else None, initiative=lue)
    if request.method == "POST" and form.is_valid():
        lus: dict[str, Any] = form.valeurs
        try:
            suivi = suivre_initiative(lue, le=lus["le"], etat=lus["etat"], mot=lus["mot"], par=request.user)
        except GesteRefuse as refus:
            form.add_error(None, str(refus))
        else:
            retour = reverse("initiative_defaire", args=[suivi.pk])
            messages.success(request, "C’est noté.", extra_tags=retour)
            return redirect("initiative", lue.pk)
    suivis = list(lue.suivis.select_related("par"))
    contexte = {
        "initiative": lue,
        "suivis": suivis,
        "a_retirer": max(suivis, key=lambda suivi: suivi.pk) if len(suivis) > 1 else None,
        "partenaires": lue.partenaires.order_by("nom", "pk"),
        "form": form,
    }
    return render(
        request, "activites/initiatives/initiative.html", contexte, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "POST"])
def initiative_modifier(request: RequeteConnectee, pk: int) -> HttpResponse:
    lue = _initiative(request, pk)
    initiales = InitiativeForm.initiales(lue)
    form = InitiativeForm(
        request.POST if request.method == "POST" else None, structure=lue.structure, initial=initiales
    )
    ecarts: list[Ecart] = []
    if request.method == "POST" and form.is_valid():
        try:
            modifier_initiative(
                lue,
                form.valeurs,
                version_lue=form.version_lue,
                partenaires=form.cleaned_data["partenaires"],
                par=request.user,
            )
        except ConflitDeVersion:
            actuelles = {nom: getattr(lue, nom) for nom in ("titre", "portee_par", "nee_le", "description")}
            ecarts = relire(form, actuelles, lue.version)
        else:
            messages.success(request, f"« {lue} » est enregistrée.")
            return redirect("initiative", lue.pk)
    contexte = {"initiative": lue, "form": form, "ecarts": ecarts}
    return render(
        request, "activites/initiatives/modifier.html", contexte, status=422 if form.errors else 200
    )


@require_POST
def initiative_defaire(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Retire le dernier pas noté."""
    siennes = Initiative.objects.de_l_equipe(request.user)
    suivi = get_object_or_404(SuiviDInitiative, pk=pk, initiative__in=siennes)
    try:
        defaire_le_suivi(suivi, par=request.user)
        messages.success(request, "Ce pas est retiré.")
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    return redirect("initiative", suivi.initiative_id)


def _initiative(request: RequeteConnectee, pk: int) -> Initiative:
    siennes = Initiative.objects.de_l_equipe(request.user)
    lue: Initiative = get_object_or_404(
        siennes.select_related("structure", "fiche", "provenance", "referente"), pk=pk
    )
    return lue


def _structures(request: RequeteConnectee) -> list[Structure]:
    return list(Structure.objects.filter(pk__in=structures_de(request.user)).order_by("nom", "pk"))


def _structure(request: RequeteConnectee) -> Structure:
    """Celle que nomme l'adresse, à défaut la première de la personne."""
    voulue = request.GET.get("structure", "")
    siennes = {str(une.pk): une for une in _structures(request)}
    return siennes.get(voulue) or next(iter(siennes.values()))
