"""Les réponses d'une année, pour toute une fiche : on tape, on passe au suivant, on enregistre une fois."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from maillage.comptes.requete import RequeteConnectee
from maillage.core.francais import compte
from maillage.core.suivi import rattraper_pour
from maillage.projets.forms.indicateurs import ReleveForm
from maillage.projets.indicateurs import indicateurs_de
from maillage.projets.lecture import lire_arbre
from maillage.projets.models import FicheAction
from maillage.projets.operations.bilans import bilan_de
from maillage.projets.operations.releves import Conflit, ReleveRefuse, noter_releves
from maillage.projets.views.acces import fiche_tenue


@require_http_methods(["GET", "POST"])
def releves(request: RequeteConnectee, pk: int, annee: int) -> HttpResponse:
    """La saisie rapide. Le bilan envoie ici ses valeurs, et l'on y revient (`retour=bilan`)."""
    fiche = fiche_tenue(request, pk)
    if annee not in fiche.projet.annees:
        raise Http404("Le projet ne touche pas cette année.")
    if request.method == "GET":
        rattraper_pour(fiche)
        return _montrer(request, fiche, annee, formulaires(fiche, annee))
    forms = formulaires(fiche, annee, request.POST)
    if [form for form in forms if not form.is_valid()]:
        return _montrer(request, fiche, annee, forms, statut=422)
    try:
        conflits = noter_releves(fiche, annee, [form.saisie for form in forms], par=request.user)
    except ReleveRefuse as refus:
        messages.error(request, str(refus))
        return redirect("bilan", pk, annee)
    if conflits:
        return _montrer(
            request, fiche, annee, _reprendre(fiche, annee, forms, conflits), conflits, statut=409
        )
    notes = sum(lu.annee(annee).est_renseignee for lu in indicateurs_de(fiche))
    messages.success(request, f"Enregistré : {compte(notes, 'valeur connue')} sur {len(forms)} pour {annee}.")
    if request.POST.get("retour") == "bilan":
        return redirect("bilan", pk, annee)
    return redirect("releves", pk, annee)


def formulaires(fiche: FicheAction, annee: int, data: Any = None) -> list[ReleveForm]:
    """Un par indicateur. Une page un peu ancienne peut ne pas tous les porter : les absents ne sont pas touchés."""
    lus = [lu.annee(annee) for lu in indicateurs_de(fiche)]
    forms = [ReleveForm(lue, data) for lue in lus]
    return forms if data is None else [form for form in forms if f"{form.prefix}-version" in data]


def _reprendre(
    fiche: FicheAction, annee: int, forms: Sequence[ReleveForm], conflits: Sequence[Conflit]
) -> list[ReleveForm]:
    """Les formulaires à jour ; en conflit, ce que l'on a tapé, sous la version de l'autre : réécrire est un choix."""
    disputes = {conflit.saisie.indicateur.pk: conflit.le_sien for conflit in conflits}
    tapes = {form.lue.indicateur.pk: form for form in forms}
    repris = []
    for form in formulaires(fiche, annee):
        pk = form.lue.indicateur.pk
        if pk in disputes:
            le_sien = disputes[pk]
            version = {f"{form.prefix}-version": le_sien.version if le_sien else 0}
            data = dict(tapes[pk].data.items()) | version
            form = ReleveForm(form.lue, data)
        repris.append(form)
    return repris


def _montrer(
    request: RequeteConnectee,
    fiche: FicheAction,
    annee: int,
    forms: Sequence[ReleveForm],
    conflits: Sequence[Conflit] = (),
    *,
    statut: int = 200,
) -> HttpResponse:
    contexte = {
        "projet": fiche.projet,
        "fiche": fiche,
        "lue": lire_arbre(fiche.projet).par_numero_de_ligne[fiche.pk],
        "annee": annee,
        "annees": sorted({*fiche.annees_a_noter, annee}),
        "forms": forms,
        "disputes": {conflit.saisie.indicateur.pk for conflit in conflits},
        "est_clos": bilan_de(fiche, annee).clos_le is not None,
        "retour": request.POST.get("retour", ""),
        "en_erreur": [form for form in forms if form.errors],
    }
    return render(request, "projets/indicateurs/releves.html", contexte, status=statut)
