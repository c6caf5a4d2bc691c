"""La bibliothèque d'indicateurs : chercher un modèle, lire ce qu'il compte et son piège, en partir ou l'ajouter."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from maillage.comptes.requete import RequeteConnectee
from maillage.core.saisie import une_ligne
from maillage.evaluation.bibliotheque import chercher, modeles, themes
from maillage.evaluation.operations import ajouter_un_modele
from maillage.evaluation.views.acces import compte_tenu, fiche_tenue

RECHERCHE_MAX = 100


@require_GET
def indicateur_modeles(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Pour un indicateur qui existe : les modèles qui se comptent, dont on prend la phrase."""
    compte = compte_tenu(request, pk)
    contexte = {"compte": compte, "projet": compte.indicateur.fiche.projet}
    return render(request, "evaluation/modeles.html", contexte | _trouves(request, comptes_seulement=True))


@require_http_methods(["GET", "POST"])
def fiche_modeles(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Pour une fiche : toute la bibliothèque, dont on ajoute un indicateur."""
    fiche = fiche_tenue(request, pk)
    if request.method == "GET":
        contexte = {"fiche": fiche, "projet": fiche.projet}
        return render(request, "evaluation/fiche_modeles.html", contexte | _trouves(request))
    choisi = request.POST.get("modele", "")
    modele = next((modele for modele in modeles() if str(modele.cle) == choisi), None)
    if modele is None:
        raise Http404("Ce modèle n'existe pas.")
    ajoute = ajouter_un_modele(fiche, modele, par=request.user)
    messages.success(
        request,
        "L’indicateur est ajouté. Donnez-lui une cible.",
        extra_tags=reverse("indicateur_geste", args=[ajoute.pk, "supprimer"]),
    )
    return redirect("indicateur", ajoute.pk)


def _trouves(request: RequeteConnectee, *, comptes_seulement: bool = False) -> dict[str, Any]:
    recherche = une_ligne(request.GET.get("q", ""), RECHERCHE_MAX)
    theme = request.GET.get("theme", "")
    trouves = chercher(recherche, theme if theme in themes() else "", comptes_seulement=comptes_seulement)
    return {
        "recherche": recherche,
        "theme": theme,
        "themes": themes(),
        "nombre": len(trouves),
        "par_theme": [
            (libelle, siens)
            for cle, libelle in themes().items()
            if (siens := [modele for modele in trouves if modele.theme == cle])
        ],
    }
