"""Les foyers et les accords d'une personne."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from maillage.comptes.nominatif import nominative
from maillage.comptes.requete import RequeteConnectee
from maillage.core.ecriture import GesteRefuse
from maillage.core.saisie import une_ligne
from maillage.personnes.choices import LienDeFoyer, ObjetDeConsentement
from maillage.personnes.forms.droits import AccordForm
from maillage.personnes.forms.fiche import JoindreForm, LienForm
from maillage.personnes.models import Personne
from maillage.personnes.operations import (
    fonder_foyer,
    joindre_au_foyer,
    noter_accord,
    quitter_le_foyer,
    retirer_accord,
)
from maillage.personnes.permissions import qui_se_nomme
from maillage.personnes.recherche import chercher_personnes
from maillage.personnes.views.acces import foyer_lu, personne_lue, personne_suivie


@require_POST
@nominative
def foyer_nouveau(request: RequeteConnectee, pk: int) -> HttpResponse:
    lue = personne_suivie(request, pk)
    form = LienForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choisissez le lien de la personne avec ce foyer.")
        return redirect("personne", lue.pk)
    foyer = fonder_foyer(
        lue, form.cleaned_data["nom"], LienDeFoyer(form.cleaned_data["lien"]), par=request.user
    )
    messages.success(request, "Le foyer est noté. Ajoutez qui y vit.")
    return redirect("foyer", foyer.pk)


@require_http_methods(["GET", "POST"])
@nominative
def foyer(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Ses membres, et de quoi en ajouter. L'adresse de l'autre foyer d'un enfant n'y paraît jamais."""
    lu = foyer_lu(request, pk)
    q = une_ligne(request.GET.get("q") or request.POST.get("q", ""), 80)
    siennes = Personne.objects.du_registre(request.user).presentes().filter(structure=lu.structure_id)
    proposees = chercher_personnes(siennes.exclude(foyers__foyer=lu), q, au_plus=10) if q else []
    form = JoindreForm(request.POST if request.method == "POST" else None, proposees=proposees)
    if request.method == "POST" and form.is_valid():
        try:
            joindre_au_foyer(
                lu, form.cleaned_data["personne"], LienDeFoyer(form.cleaned_data["lien"]), par=request.user
            )
            messages.success(request, "La personne est ajoutée au foyer.")
        except GesteRefuse as refus:
            messages.error(request, str(refus))
        return redirect("foyer", lu.pk)
    membres = lu.membres.filter(qui_se_nomme(request.user)).select_related("personne")
    contexte = {"foyer": lu, "membres": membres, "q": q, "proposees": proposees, "form": form}
    return render(request, "personnes/foyer.html", contexte, status=422 if form.errors else 200)


@require_POST
@nominative
def foyer_quitter(request: RequeteConnectee, pk: int, membre: int) -> HttpResponse:
    lu = foyer_lu(request, pk)
    part = get_object_or_404(lu.membres.select_related("foyer"), pk=membre)
    reste = lu.membres.count() > 1
    quitter_le_foyer(part, par=request.user)
    messages.success(request, "La personne ne fait plus partie de ce foyer.")
    return redirect("foyer", lu.pk) if reste else redirect("personne", part.personne_id)


@require_POST
@nominative
def accord_noter(request: RequeteConnectee, pk: int) -> HttpResponse:
    lue = personne_suivie(request, pk)
    form = AccordForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choisissez un accord, et une date entière s’il a une fin.")
        return redirect("personne", lue.pk)
    dit = form.cleaned_data
    try:
        noter_accord(
            lue,
            ObjetDeConsentement(dit["objet"]),
            precision=dit["precision"],
            donne_par=dit["donne_par"],
            fin_le=dit["fin_le"],
            par=request.user,
        )
        messages.success(request, "L’accord est noté.")
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    return redirect("personne", lue.pk)


@require_POST
@nominative
def accord_retirer(request: RequeteConnectee, pk: int, accord: int) -> HttpResponse:
    """D'un geste : retirer est aussi simple que donner."""
    lue = personne_lue(request, pk)
    try:
        retirer_accord(get_object_or_404(lue.consentements, pk=accord), par=request.user)
        messages.success(request, "L’accord est retiré, dès maintenant.")
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    return redirect("personne", lue.pk)
