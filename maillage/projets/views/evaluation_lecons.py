"""Retenir une leçon de l'évaluation, proposer de commencer une action ; les corriger, les ôter."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from maillage.comptes.requete import RequeteConnectee
from maillage.core.conflits import relire
from maillage.core.ecriture import GesteRefuse
from maillage.core.versions import ConflitDeVersion
from maillage.projets.choices import MomentEvaluation, SuiteProposee
from maillage.projets.forms.evaluation import LeconForm, NouveauteForm
from maillage.projets.models import LeconRetenue, Objectif, ProjetSocial, Proposition
from maillage.projets.operations.evaluation import (
    corriger_une_lecon,
    corriger_une_nouveaute,
    oter_une_lecon,
    oter_une_nouveaute,
    proposer_de_commencer,
    retenir_une_lecon,
)
from maillage.projets.permissions import peut_evaluer_le_projet
from maillage.projets.views.evaluation import MOMENTS, projet_evalue


def _objectifs(projet: ProjetSocial) -> QuerySet[Objectif]:
    return Objectif.objects.filter(enjeu__axe__projet=projet, parent=None).order_by(
        "enjeu__axe__rang", "enjeu__rang", "rang", "pk"
    )


def _formulaire(genre: str, projet: ProjetSocial, data: Any, initial: dict[str, Any]) -> forms.Form:
    if genre == "lecon":
        return LeconForm(data, initial=initial)
    return NouveauteForm(data, initial=initial, objectifs=_objectifs(projet))


@require_http_methods(["GET", "POST"])
def evaluation_ajouter(request: RequeteConnectee, pk: int, mot: str, genre: str) -> HttpResponse:
    """Une leçon, ou une action à commencer. Une leçon d'un bilan se retient d'un bouton (`fiche`)."""
    projet, moment = _que_l_on_evalue(request, pk, mot)
    form = _formulaire(genre, projet, request.POST if request.method == "POST" else None, {})
    if request.method == "POST" and form.is_valid():
        lus = {nom: valeur for nom, valeur in form.cleaned_data.items() if nom != "version"}
        try:
            if genre == "lecon":
                numero = request.POST.get("fiche", "")
                fiche = projet.fiches.filter(pk=int(numero) if numero.isdecimal() else 0).first()
                retenir_une_lecon(projet, moment, **lus, fiche=fiche, par=request.user)
            else:
                proposer_de_commencer(projet, moment, **lus, par=request.user)
        except GesteRefuse as refus:
            messages.error(request, str(refus))
            return redirect("evaluation", pk)
        messages.success(request, "C’est retenu.")
        return redirect("evaluation_etape", pk, mot, "suite")
    return _montrer_un(request, projet, mot, genre, form, None)


@require_http_methods(["GET", "POST"])
def evaluation_corriger(
    request: RequeteConnectee, pk: int, mot: str, genre: str, numero: int
) -> HttpResponse:
    projet, moment = _que_l_on_evalue(request, pk, mot)
    objet: LeconRetenue | Proposition
    champs: tuple[str, ...]
    if genre == "lecon":
        objet = get_object_or_404(
            LeconRetenue.objects.filter(evaluation__projet=projet, evaluation__moment=moment), pk=numero
        )
        champs = ("texte", "ou_sert")
    else:
        objet = get_object_or_404(
            Proposition.objects.filter(
                evaluation__projet=projet, evaluation__moment=moment, suite=SuiteProposee.COMMENCER
            ).select_related("objectif"),
            pk=numero,
        )
        champs = ("titre", "objectif", "raison")
    if request.method == "POST" and "oter" in request.POST:
        return _oter(request, objet, pk, mot)
    lues = {champ: getattr(objet, champ) for champ in champs}
    form = _formulaire(
        genre,
        projet,
        request.POST if request.method == "POST" else None,
        lues | {"version": objet.version},
    )
    ecarts: list[Any] = []
    if request.method == "POST" and form.is_valid():
        valeurs = {champ: form.cleaned_data[champ] for champ in champs}
        version = int(form.cleaned_data.get("version") or 0)
        try:
            if isinstance(objet, LeconRetenue):
                corriger_une_lecon(objet, **valeurs, version_lue=version, par=request.user)
            else:
                corriger_une_nouveaute(objet, **valeurs, version_lue=version, par=request.user)
        except ConflitDeVersion:
            objet.refresh_from_db()
            ecarts = relire(form, {champ: getattr(objet, champ) for champ in champs}, objet.version)
        except GesteRefuse as refus:
            messages.error(request, str(refus))
            return redirect("evaluation", pk)
        else:
            messages.success(request, "C’est enregistré.")
            return redirect("evaluation_etape", pk, mot, "suite")
    return _montrer_un(request, projet, mot, genre, form, objet, ecarts)


def _oter(request: RequeteConnectee, objet: LeconRetenue | Proposition, pk: int, mot: str) -> HttpResponse:
    try:
        if isinstance(objet, LeconRetenue):
            oter_une_lecon(objet, par=request.user)
        else:
            oter_une_nouveaute(objet, par=request.user)
    except GesteRefuse as refus:
        messages.error(request, str(refus))
        return redirect("evaluation", pk)
    messages.success(request, "C’est ôté.")
    return redirect("evaluation_etape", pk, mot, "suite")


def _montrer_un(
    request: RequeteConnectee,
    projet: ProjetSocial,
    mot: str,
    genre: str,
    form: forms.Form,
    objet: Any,
    ecarts: Any = (),
) -> HttpResponse:
    contexte = {
        "projet": projet,
        "mot": mot,
        "genre": genre,
        "form": form,
        "objet": objet,
        "ecarts": ecarts,
        "moment": str(MOMENTS[mot].label),
    }
    return render(request, "projets/evaluation/ajout.html", contexte, status=422 if form.errors else 200)


def _que_l_on_evalue(request: RequeteConnectee, pk: int, mot: str) -> tuple[ProjetSocial, MomentEvaluation]:
    projet, moment = projet_evalue(request, pk, mot)
    if not peut_evaluer_le_projet(request.user, projet):
        raise Http404("Cette évaluation ne s'écrit pas.")
    return projet, moment
