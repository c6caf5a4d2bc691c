"""Les indicateurs d'une fiche : la liste, un indicateur et ses trois valeurs, l'ajouter, le modifier, le ranger."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillage.comptes.requete import RequeteConnectee
from maillage.core.conflits import Ecart, ecarts
from maillage.core.suivi import rattraper_pour
from maillage.core.versions import ConflitDeVersion
from maillage.projets.choices import ListeIndicateur
from maillage.projets.forms.indicateurs import IndicateurForm
from maillage.projets.indicateurs import indicateurs_de, lire_indicateur
from maillage.projets.lecture import lire_arbre
from maillage.projets.models import FicheAction, Indicateur
from maillage.projets.operations.indicateurs import (
    IndicateurRefuse,
    ajouter_indicateur,
    changer_de_liste,
    deplacer_indicateur,
    modifier_indicateur,
    remettre_indicateur,
    supprimer_indicateur,
)
from maillage.projets.permissions import peut_ecrire_la_fiche
from maillage.projets.suivi import annee_de_travail
from maillage.projets.views.acces import fiche_lue, fiche_tenue, indicateur_lu, indicateur_tenu


@require_GET
def indicateurs(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Tous ceux d'une fiche, leur dernière valeur, et de quoi les ranger."""
    fiche = fiche_lue(request, pk)
    rattraper_pour(fiche)
    contexte = _de_la_fiche(request, fiche) | {
        "indicateurs": indicateurs_de(fiche, est_dehors=False),
        "annee": annee_de_travail(fiche.projet),
    }
    return render(request, "projets/indicateurs/liste.html", contexte)


@require_http_methods(["GET", "POST"])
def indicateur_nouveau(request: RequeteConnectee, pk: int) -> HttpResponse:
    fiche = fiche_tenue(request, pk)
    liste = request.GET.get("liste", ListeIndicateur.QUANTITATIVE)
    if liste not in ListeIndicateur.values:
        raise Http404("Cette liste n'existe pas.")
    form = IndicateurForm(request.POST or None, fiche=fiche, liste=liste)
    if request.method == "POST" and form.is_valid():
        ajoute = ajouter_indicateur(fiche, {**form.champs, "liste": liste}, form.cibles, par=request.user)
        messages.success(request, "L’indicateur est ajouté.", extra_tags=_geste(ajoute, "supprimer"))
        return redirect("indicateur", ajoute.pk)
    contexte = _de_la_fiche(request, fiche) | {"form": form, "liste": ListeIndicateur(liste)}
    return render(request, "projets/indicateurs/nouveau.html", contexte, status=422 if form.errors else 200)


@require_GET
def indicateur(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Un indicateur : ce qu'il compte, et pour chaque année le calcul, la correction et la cible."""
    trouve = indicateur_lu(request, pk)
    rattraper_pour(trouve.fiche)
    contexte = _de_la_fiche(request, trouve.fiche) | {"lu": lire_indicateur(trouve, est_dehors=False)}
    return render(request, "projets/indicateurs/indicateur.html", contexte)


@require_http_methods(["GET", "POST"])
def indicateur_modifier(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouve = indicateur_tenu(request, pk)
    form = IndicateurForm(request.POST or None, fiche=trouve.fiche, liste=trouve.liste, indicateur=trouve)
    statut = 200
    if request.method == "POST" and form.is_valid():
        lue = request.POST.get("version", "")
        try:
            modifier_indicateur(
                trouve,
                form.champs,
                form.cibles,
                version_lue=int(lue) if lue.isascii() and lue.isdigit() else 0,
                par=request.user,
            )
        except ConflitDeVersion:
            trouve, statut = indicateur_tenu(request, pk), 409
        else:
            messages.success(request, "L’indicateur est enregistré.")
            return redirect("indicateur", pk)
    contexte = _de_la_fiche(request, trouve.fiche) | {
        "indicateur": trouve,
        "form": form,
        "ecarts": _ecarts(trouve, form) if statut == 409 else [],
    }
    return render(
        request, "projets/indicateurs/modifier.html", contexte, status=422 if form.errors else statut
    )


@require_POST
def indicateur_geste(request: RequeteConnectee, pk: int, geste: str) -> HttpResponse:
    """Monter, descendre, changer de liste, supprimer."""
    trouve = indicateur_tenu(request, pk)
    page = reverse("indicateurs", args=[trouve.fiche_id])
    if geste in {"monter", "descendre"}:
        deplacer_indicateur(trouve, "monter" if geste == "monter" else "descendre", par=request.user)
        return redirect(f"{page}#indicateur-{pk}")
    if geste == "changer-de-liste":
        try:
            change = changer_de_liste(trouve, par=request.user)
        except IndicateurRefuse as refus:
            messages.error(request, str(refus))
            return redirect("indicateur", pk)
        messages.success(
            request,
            f"C’est maintenant un indicateur {change.get_liste_display().lower()}.",
            extra_tags=_geste(change, "changer-de-liste"),
        )
        return redirect("indicateur", pk)
    if geste == "supprimer":
        supprimer_indicateur(trouve, par=request.user)
        messages.success(
            request,
            f"L’indicateur « {trouve} » est supprimé.",
            extra_tags=reverse("indicateur_remettre", args=[trouve.fiche_id, pk]),
        )
        return redirect(page)
    raise Http404("Ce geste n'existe pas.")


@require_POST
def indicateur_remettre(request: RequeteConnectee, pk: int, numero: int) -> HttpResponse:
    """« Annuler » une suppression."""
    fiche = fiche_tenue(request, pk)
    try:
        remis = remettre_indicateur(fiche, numero, par=request.user)
    except IndicateurRefuse as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, f"L’indicateur « {remis} » est de nouveau là, avec ses valeurs.")
    return redirect("indicateurs", pk)


def _geste(indicateur: Indicateur, geste: str) -> str:
    return reverse("indicateur_geste", args=[indicateur.pk, geste])


def _de_la_fiche(request: RequeteConnectee, fiche: FicheAction) -> dict[str, Any]:
    return {
        "projet": fiche.projet,
        "fiche": fiche,
        "lue": lire_arbre(fiche.projet).par_numero_de_ligne[fiche.pk],
        "peut_ecrire": peut_ecrire_la_fiche(request.user, fiche),
    }


def _ecarts(indicateur: Indicateur, form: IndicateurForm) -> list[Ecart]:
    a_jour = IndicateurForm(fiche=indicateur.fiche, liste=indicateur.liste, indicateur=indicateur)
    return ecarts(form, {nom: a_jour[nom].initial for nom in a_jour.fields})
