"""Les réponses d'une année, pour toute une fiche : on tape, on passe au suivant, on enregistre une fois."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from maillage.comptes.requete import RequeteConnectee
from maillage.core.ecriture_montree import dire_ferme, veut_du_json
from maillage.core.francais import INSECABLE, compte, heure
from maillage.core.suivi import rattraper_pour
from maillage.projets.forms.indicateurs import ReleveForm
from maillage.projets.indicateurs import indicateurs_de
from maillage.projets.lecture import lire_arbre
from maillage.projets.models import FicheAction
from maillage.projets.operations.bilans import bilan_de
from maillage.projets.operations.releves import (
    Conflit,
    ReleveRefuse,
    empreinte_des_champs,
    noter_releves,
    revenir_au_calcul,
)
from maillage.projets.views.acces import fiche_tenue, indicateur_tenu
from maillage.projets.views.place import place_de


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
    if veut_du_json(request):
        return _repondre(request, fiche, annee, forms)
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
    notes = sum(lu.annee(annee).est_renseignee for lu in indicateurs_de(fiche, est_dehors=False))
    messages.success(request, f"Enregistré : {compte(notes, 'valeur connue')} sur {len(forms)} pour {annee}.")
    if request.POST.get("retour") == "bilan":
        return redirect("bilan", pk, annee)
    return redirect("releves", pk, annee)


@require_POST
def releve_revenir(request: RequeteConnectee, pk: int, annee: int) -> HttpResponse:
    """Retirer la correction : le nombre que Maillage a compté est de nouveau retenu."""
    indicateur = indicateur_tenu(request, pk)
    if annee not in indicateur.fiche.projet.annees:
        raise Http404("Le projet ne touche pas cette année.")
    try:
        revenir_au_calcul(indicateur, annee, par=request.user)
    except ReleveRefuse as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, "La correction est retirée : le nombre compté par Maillage est retenu.")
    return redirect(f"{reverse('bilan', args=[indicateur.fiche_id, annee])}#i{pk}")


def cle_de_garde(request: RequeteConnectee, fiche: FicheAction, annee: int) -> str:
    """Où le navigateur garde ce qui n'est pas encore accusé."""
    return f"valeurs:{request.user.pk}:{fiche.pk}:{annee}"


def formulaires(
    fiche: FicheAction, annee: int, data: Any = None, *, est_dehors: bool = False
) -> list[ReleveForm]:
    """Un par indicateur. Une page un peu ancienne peut ne pas tous les porter : les absents ne sont pas touchés."""
    lus = [lu.annee(annee) for lu in indicateurs_de(fiche, est_dehors=est_dehors)]
    forms = [ReleveForm(lue, data) for lue in lus]
    return forms if data is None else [form for form in forms if form.add_prefix("lu") in data]


def _repondre(
    request: RequeteConnectee, fiche: FicheAction, annee: int, forms: Sequence[ReleveForm]
) -> HttpResponse:
    """À chaque pause : ce qui se lit est noté, le reste est à revoir. Sous deux réponses, la personne choisit."""
    choix = {form.prefix: request.POST.get(f"choix_{form.prefix}", "") for form in forms}
    saisies = []
    for form in forms:
        if not form.is_valid() or choix[form.prefix] == "sien":
            continue
        vue = request.POST.get(f"vu_{form.prefix}", "")
        saisie = form.saisie
        saisies.append(replace(saisie, lue=vue) if choix[form.prefix] == "mien" else saisie)
    try:
        disputes = {
            conflit.saisie.indicateur.pk for conflit in noter_releves(fiche, annee, saisies, par=request.user)
        }
    except ReleveRefuse as refus:
        return dire_ferme(str(refus), reverse("bilan", args=[fiche.pk, annee]))
    a_jour = {form.prefix: form for form in formulaires(fiche, annee)}
    lus, controles, avis = {}, {}, {}
    a_revoir = []
    for form in forms:
        nom = str(form.prefix)
        if nom not in a_jour:
            continue  # l'indicateur vient d'être retiré
        neuf = a_jour[nom]
        en_conflit = neuf.lue.indicateur.pk in disputes
        contexte = {"form": neuf, "erreurs": form.errors, "en_conflit": en_conflit}
        avis[nom] = render_to_string("projets/indicateurs/_avis_de_valeur.html", contexte).strip()
        if form.errors or en_conflit:
            a_revoir.append(nom)
            continue
        lus[nom] = neuf.actuelle
        if empreinte_des_champs(form.saisie.champs) != neuf.actuelle:
            controles[nom] = render_to_string("projets/indicateurs/_controle_de_valeur.html", {"form": neuf})
    return JsonResponse(
        {
            "dit": f"Enregistré à{INSECABLE}{heure(timezone.now())}",
            "lus": lus,
            "controles": controles,
            "avis": avis,
            "a_revoir": a_revoir,
            "reste": render_to_string("projets/bilans/_reste.html", {"place": place_de(fiche, annee)}),
        }
    )


def _reprendre(
    fiche: FicheAction, annee: int, forms: Sequence[ReleveForm], conflits: Sequence[Conflit]
) -> list[ReleveForm]:
    """Les formulaires à jour ; en conflit, ce que l'on a tapé, l'autre réponse étant lue : réécrire est un choix."""
    disputes = {conflit.saisie.indicateur.pk for conflit in conflits}
    tapes = {form.lue.indicateur.pk: form for form in forms}
    repris = []
    for form in formulaires(fiche, annee):
        pk = form.lue.indicateur.pk
        if pk in disputes:
            data = dict(tapes[pk].data.items()) | {form.add_prefix("lu"): form.actuelle}
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
        "cle_de_garde": cle_de_garde(request, fiche, annee),
        "disputes": {conflit.saisie.indicateur.pk for conflit in conflits},
        "est_clos": bilan_de(fiche, annee).clos_le is not None,
        "retour": request.POST.get("retour", ""),
        "en_erreur": [form for form in forms if form.errors],
    }
    return render(request, "projets/indicateurs/releves.html", contexte, status=statut)
