"""Constats, paroles, thèmes, rencontres, résultats d'enquête : la liste, ajouter, corriger, ordonner, retirer."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from maillage.comptes.requete import RequeteConnectee
from maillage.core.ecriture import GesteRefuse
from maillage.projets.choices import NatureConstat
from maillage.projets.diagnostic import GENRES_DU_DIAGNOSTIC
from maillage.projets.elements import Genre
from maillage.projets.enquetes import lire_le_resultat
from maillage.projets.forms.diagnostic import formulaire_du_diagnostic
from maillage.projets.models import ProjetSocial
from maillage.projets.operations.elements import ajouter_element, element_a_remettre
from maillage.projets.permissions import peut_ecrire_le_projet
from maillage.projets.views.acces import projet_lu, projet_tenu
from maillage.projets.views.gestes_d_element import corriger, faire_le_geste, remettre
from maillage.projets.views.retour import revenir


@require_http_methods(["GET", "POST"])
def diagnostic_elements(request: RequeteConnectee, pk: int, genre: str) -> HttpResponse:
    """La liste, et de quoi ajouter. Les thèmes se font à côté des paroles qu'ils réunissent."""
    voulu = GENRES_DU_DIAGNOSTIC[genre]
    projet = projet_lu(request, pk)
    ecrit = peut_ecrire_le_projet(request.user, projet)
    if request.method == "POST" and not ecrit:
        raise Http404("Ce projet ne s'écrit pas.")
    initial = {"nature": request.GET.get("nature", "")} if genre == "constats" else {}
    form = formulaire_du_diagnostic(
        voulu, projet, request.POST if request.method == "POST" else None, **initial
    )
    if request.method == "POST" and form.is_valid():
        try:
            ajoute = ajouter_element(projet, voulu, form.valeurs, par=request.user)
            messages.success(request, "C’est ajouté.")
            if request.POST.get("rester"):
                return redirect("diagnostic_element", projet.pk, genre, ajoute.pk)
        except GesteRefuse as refus:
            messages.error(request, str(refus))
        return redirect(f"diagnostic_{genre}", projet.pk)
    elements = list(voulu.du_projet(projet))
    contexte = {
        "projet": projet,
        "genre": voulu,
        "elements": elements,
        "ecrit": ecrit,
        "a_remettre": element_a_remettre(projet, voulu) if ecrit else None,
        "form": form,
        **_presenter(request, projet, voulu, elements),
    }
    return render(request, f"projets/diagnostic/{genre}.html", contexte, status=422 if form.errors else 200)


def _presenter(
    request: RequeteConnectee, projet: ProjetSocial, genre: Genre, elements: list[Any]
) -> dict[str, Any]:
    """Ce que la page d'un genre montre de plus que sa liste."""
    if genre.cle == "constats":
        return {"cases": [(nature, [e for e in elements if e.nature == nature]) for nature in NatureConstat]}
    if genre.cle == "paroles":
        themes = list(projet.themes.order_by("rang", "pk"))
        groupes: list[tuple[Any, list[Any]]] = [
            (theme, [e for e in elements if e.theme_id == (theme.pk if theme else None)])
            for theme in (*themes, None)
        ]
        return {
            "groupes": [(theme, siennes) for theme, siennes in groupes if theme or siennes],
            "themes": themes,
        }
    if genre.cle == "resultats":
        est_dehors = request.GET.get("vu") == "dehors"
        return {
            "lus": [lire_le_resultat(e, est_dehors=est_dehors) for e in elements],
            "est_dehors": est_dehors,
        }
    if genre.cle == "rencontres":
        return {"presents": sum(e.presents for e in elements)}
    return {}


@require_http_methods(["GET", "POST"])
def diagnostic_element(request: RequeteConnectee, pk: int, genre: str, numero: int) -> HttpResponse:
    """Corriger un élément. Si quelqu'un l'a changé, les deux textes se comparent."""
    voulu = GENRES_DU_DIAGNOSTIC[genre]
    projet = projet_tenu(request, pk)
    lu = get_object_or_404(voulu.du_projet(projet), pk=numero)
    former = partial(formulaire_du_diagnostic, voulu, projet)
    form, differences, est_ecrit = corriger(request, lu, voulu, former)
    if est_ecrit:
        messages.success(request, "C’est enregistré.")
        if request.POST.get("rester"):
            return redirect("diagnostic_element", projet.pk, genre, lu.pk)
        return redirect(f"diagnostic_{genre}", projet.pk)
    contexte = {"projet": projet, "genre": voulu, "element": lu, "form": form, "ecarts": differences}
    return render(request, "projets/diagnostic/element.html", contexte, status=422 if form.errors else 200)


@require_POST
def diagnostic_element_geste(
    request: RequeteConnectee, pk: int, genre: str, numero: int, geste: str
) -> HttpResponse:
    """Monter, descendre, retirer. Ce qui est une preuve ne se retire pas : la page dit de quel besoin."""
    voulu = GENRES_DU_DIAGNOSTIC[genre]
    projet = projet_tenu(request, pk)
    lu = get_object_or_404(voulu.du_projet(projet), pk=numero)
    faire_le_geste(request, lu, voulu, geste)
    return revenir(f"diagnostic_{genre}", projet, "" if geste == "retirer" else f"{genre}-{lu.pk}")


@require_POST
def diagnostic_element_remettre(request: RequeteConnectee, pk: int, genre: str) -> HttpResponse:
    projet = projet_tenu(request, pk)
    remettre(request, projet, GENRES_DU_DIAGNOSTIC[genre])
    return redirect(f"diagnostic_{genre}", projet.pk)
