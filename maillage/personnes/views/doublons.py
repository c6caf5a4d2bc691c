"""Deux fiches de la même personne : les voir côte à côte, les réunir, revenir en arrière."""

from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillage.comptes.nominatif import nominative
from maillage.comptes.requete import RequeteConnectee
from maillage.core.ecriture import GesteRefuse
from maillage.personnes.choices import ChampDePersonne
from maillage.personnes.models import PaireEcartee, Personne
from maillage.personnes.operations import (
    champs_notes,
    ecarter_la_paire,
    remettre_la_paire,
    reunir_personnes,
    separer_personnes,
)
from maillage.personnes.ressemblances import doublons_parmi, ressembler
from maillage.personnes.views.acces import centre_du_registre, personne_lue, personne_suivie

AU_PLUS: Final = 200


@require_GET
@nominative
def personnes_doublons(request: RequeteConnectee) -> HttpResponse:
    """Les paires les plus sûres d'abord, chacune avec ses raisons. Maillage ne réunit jamais seul."""
    centre = centre_du_registre(request)
    siennes = Personne.objects.du_registre(request.user).presentes().filter(structure=centre)
    ecartees = PaireEcartee.objects.filter(une__in=siennes, autre__in=siennes).select_related("une", "autre")
    paires = doublons_parmi(siennes, sauf={(paire.une_id, paire.autre_id) for paire in ecartees})
    contexte = {
        "centre": centre,
        "paires": paires[:AU_PLUS],
        "trouvees": len(paires),
        "ecartees": ecartees,
    }
    return render(request, "personnes/doublons.html", contexte)


@require_POST
@nominative
def paire_geste(request: RequeteConnectee, pk: int, autre: int, geste: str) -> HttpResponse:
    """Dire que ce sont deux personnes ; ou proposer de nouveau la paire."""
    une, seconde = personne_suivie(request, pk), personne_suivie(request, autre)
    try:
        if geste == "ecarter":
            ecarter_la_paire(une, seconde, par=request.user)
            retour = reverse("paire_geste", args=[pk, autre, "remettre"])
            messages.success(
                request, "Ce sont deux personnes : la paire n’est plus proposée.", extra_tags=retour
            )
        else:
            remettre_la_paire(une, seconde, par=request.user)
            messages.success(request, "La paire est de nouveau proposée.")
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    return redirect(f"{reverse('personnes_doublons')}?centre={une.structure_id}")


@require_http_methods(["GET", "POST"])
@nominative
def personne_reunir(request: RequeteConnectee, pk: int, autre: int) -> HttpResponse:
    """`pk` est la fiche que l'on garde."""
    gardee, absorbee = personne_suivie(request, pk), personne_suivie(request, autre)
    if request.method == "POST":
        try:
            reunir_personnes(gardee, absorbee, par=request.user)
            messages.success(request, "Les deux fiches n’en font plus qu’une. Vous pouvez les séparer ici.")
        except GesteRefuse as refus:
            messages.error(request, str(refus))
        return redirect("personne", gardee.pk)
    ouverts = champs_notes(gardee.structure)
    contexte = {
        "gardee": gardee,
        "absorbee": absorbee,
        "ressemblance": ressembler(gardee, absorbee),
        "champs": [
            (champ.label, getattr(gardee, champ), getattr(absorbee, champ))
            for champ in ChampDePersonne
            if champ in ouverts
        ],
    }
    return render(request, "personnes/reunir.html", contexte)


@require_POST
@nominative
def personnes_separer(request: RequeteConnectee, pk: int, fusion: int) -> HttpResponse:
    lue = personne_lue(request, pk)
    faite = get_object_or_404(lue.fusions_recues, pk=fusion)
    try:
        separer_personnes(faite, par=request.user)
        messages.success(request, "Les deux fiches sont de nouveau séparées.")
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    return redirect("personne", lue.pk)
