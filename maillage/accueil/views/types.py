"""La liste des types de demande, que la direction tient pour tous les lieux du centre."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from maillage.accueil.forms.types import TypeForm
from maillage.accueil.models import TypeDeDemande
from maillage.accueil.operations.types import (
    TypeRefuse,
    adopter_la_liste_de_depart,
    ajouter_type,
    deplacer_type,
    modifier_type,
    remettre_type,
    retirer_type,
)
from maillage.accueil.views.acces import centre_regle
from maillage.comptes.requete import RequeteConnectee
from maillage.core.francais import compte
from maillage.core.versions import ConflitDeVersion
from maillage.territoire.models import Structure


@require_http_methods(["GET", "POST"])
def types_de_demande(request: RequeteConnectee, centre: int) -> HttpResponse:
    tenu = centre_regle(request, centre)
    form = TypeForm(request.POST if request.method == "POST" else None, centre=tenu)
    if form.is_valid():
        try:
            ajoute = ajouter_type(tenu, par=request.user, **form.valeurs)
        except (TypeRefuse, ValidationError) as refus:
            form.add_error("libelle", _dire(refus))
        else:
            messages.success(request, f"« {ajoute} » est au comptoir.")
            return redirect("types_de_demande", tenu.pk)
    types = list(TypeDeDemande.objects.filter(structure=tenu).select_related("fiche"))
    contexte = {
        "centre": tenu,
        "proposes": [un_type for un_type in types if un_type.retire_le is None],
        "retires": [un_type for un_type in types if un_type.retire_le is not None],
        "form": form,
    }
    return render(request, "accueil/types.html", contexte, status=422 if form.errors else 200)


@require_POST
def types_de_depart(request: RequeteConnectee, centre: int) -> HttpResponse:
    tenu = centre_regle(request, centre)
    try:
        ajoutes = adopter_la_liste_de_depart(tenu, par=request.user)
    except TypeRefuse as refus:
        messages.error(request, str(refus))
        return redirect("types_de_demande", tenu.pk)
    if ajoutes:
        messages.success(
            request, f"{compte(ajoutes, 'demande')} au comptoir. Changez la liste quand vous voulez."
        )
    else:
        messages.info(request, "Votre liste contient déjà toutes les demandes de départ.")
    return redirect("types_de_demande", tenu.pk)


@require_http_methods(["GET", "POST"])
def type_de_demande(request: RequeteConnectee, centre: int, pk: int) -> HttpResponse:
    tenu = centre_regle(request, centre)
    choisi = _type(tenu, pk)
    form = TypeForm(request.POST if request.method == "POST" else None, centre=tenu, type_de_demande=choisi)
    if form.is_valid():
        try:
            modifier_type(choisi, form.valeurs, version_lue=form.version_lue, par=request.user)
        except ValidationError as refus:
            form.add_error("libelle", _dire(refus))
        except ConflitDeVersion:
            messages.warning(request, "Quelqu’un a changé ce type pendant que vous écriviez. Relisez-le ici.")
            return redirect("type_de_demande", tenu.pk, pk)
        else:
            messages.success(request, f"« {choisi} » est enregistré.")
            return redirect("types_de_demande", tenu.pk)
    contexte = {"centre": tenu, "type": choisi, "form": form}
    return render(request, "accueil/type.html", contexte, status=422 if form.errors else 200)


@require_POST
def type_geste(request: RequeteConnectee, centre: int, pk: int, geste: str) -> HttpResponse:
    """Monter, descendre, retirer du comptoir, y remettre."""
    tenu = centre_regle(request, centre)
    choisi = _type(tenu, pk)
    if geste == "retirer":
        retirer_type(choisi, par=request.user)
        remettre = reverse("type_geste", args=[tenu.pk, pk, "remettre"])
        messages.success(request, f"« {choisi} » quitte le comptoir. Ses passages restent comptés.", remettre)
    elif geste == "remettre":
        try:
            remettre_type(choisi, par=request.user)
            messages.success(request, f"« {choisi} » est de nouveau au comptoir.")
        except TypeRefuse as refus:
            messages.error(request, str(refus))
    elif geste in {"monter", "descendre"}:
        deplacer_type(choisi, -1 if geste == "monter" else 1, par=request.user)
    else:
        raise Http404("Ce geste n'existe pas.")
    return redirect("types_de_demande", tenu.pk)


def _type(centre: Structure, pk: int) -> TypeDeDemande:
    trouve: TypeDeDemande = get_object_or_404(
        TypeDeDemande.objects.filter(structure=centre).select_related("structure"), pk=pk
    )
    return trouve


def _dire(refus: TypeRefuse | ValidationError) -> str:
    return refus.messages[0] if isinstance(refus, ValidationError) else str(refus)
