"""Ouvrir le projet suivant, et y reprendre ce que l'on garde de celui d'avant."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from maillage.comptes.requete import RequeteConnectee
from maillage.core.ecriture import GesteRefuse
from maillage.core.francais import compte
from maillage.projets.choices import StatutFiche, SuiteProposee
from maillage.projets.forms.evaluation import STATUTS_REPRIS, AvantForm, SuivantForm
from maillage.projets.lecture import Arbre, lire_arbre
from maillage.projets.memoire import Souvenir, derniere_evaluation, lire_memoire
from maillage.projets.models import Evaluation, FicheAction, ProjetSocial, Proposition
from maillage.projets.operations.ossature import Choix, reprendre_l_ossature
from maillage.projets.operations.suite import CADRE, dates_proposees, ouvrir_la_suite, prolonger
from maillage.projets.permissions import peut_ouvrir_la_suite
from maillage.projets.views.acces import fiche_tenue, projet_lu
from maillage.projets.views.cadre import projet_a_modifier
from maillage.projets.views.fiches import contexte_de_la_fiche


@require_http_methods(["GET", "POST"])
def projet_suivant(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Le nom et les dates viennent à la suite ; le cadre d'avant se reprend."""
    projet = projet_lu(request, pk)
    if not peut_ouvrir_la_suite(request.user, projet):
        raise Http404("Ce projet n'a pas encore de suite à ouvrir.")
    if deja := projet.suites.order_by("pk").first():
        messages.info(request, f"Le projet suivant est déjà ouvert : « {deja} ».")
        return redirect("projet", deja.pk)
    du, au = dates_proposees(projet)
    annees = str(du.year) if du.year == au.year else f"{du.year}-{au.year}"
    form = SuivantForm(
        request.POST if request.method == "POST" else None,
        initial={"nom": f"Projet social {annees}", "du": du, "au": au} | dict.fromkeys(CADRE, True),
    )
    if request.method == "POST" and form.is_valid():
        lus = form.cleaned_data
        try:
            suite = ouvrir_la_suite(
                projet,
                nom=lus["nom"],
                du=lus["du"],
                au=lus["au"],
                reprendre=[nom for nom in CADRE if lus[nom]],
                par=request.user,
            )
        except ValidationError as refus:
            form.add_error(None, refus)
        else:
            messages.success(request, f"« {suite.projet} » est ouvert. Dites ce que vous en gardez.")
            return redirect("projet_ossature", suite.projet.pk)
    contexte = {
        "projet": projet,
        "form": form,
        "evaluation": derniere_evaluation(projet),
        "memoire": lire_memoire(projet, est_dehors=False),
    }
    return render(request, "projets/evaluation/suivant.html", contexte, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def fiche_action_avant(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Dire quelle fiche du projet d'avant celle-ci prolonge : on verra à côté ce qu'elle a donné."""
    fiche = fiche_tenue(request, pk)
    if fiche.projet.suite_de_id is None:
        raise Http404("Ce projet n'est la suite d'aucun autre.")
    anciennes = FicheAction.objects.filter(projet=fiche.projet.suite_de_id).order_by("titre", "pk")
    form = AvantForm(
        request.POST if request.method == "POST" else None,
        anciennes=anciennes,
        initial={"suite_de": fiche.suite_de_id},
    )
    if request.method == "POST" and form.is_valid():
        try:
            prolonger(fiche, form.cleaned_data["suite_de"], par=request.user)
        except GesteRefuse as refus:
            messages.error(request, str(refus))
        else:
            messages.success(request, "C’est enregistré.")
        return redirect("fiche_action", pk)
    contexte = contexte_de_la_fiche(fiche) | {"form": form}
    statut = 422 if form.errors else 200
    return render(request, "projets/evaluation/avant.html", contexte, status=statut)


# --- Repartir du projet d'avant ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Propose:
    """Ce que l'évaluation propose d'un objectif : coché d'avance ou non, et pourquoi."""

    est_garde: bool = True
    libelle: str = ""
    raison: str = ""


@dataclass(frozen=True, slots=True)
class FicheProposee:
    """Une fiche d'avant, ce qu'elle est devenue, et comment on la reprendrait."""

    souvenir: Souvenir
    est_gardee: bool
    statut: str

    @property
    def statuts(self) -> list[tuple[str, str]]:
        return STATUTS_REPRIS


@require_http_methods(["GET", "POST"])
def projet_ossature(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Choisir ce que l'on reprend, branche par branche ; l'évaluation a déjà coché."""
    projet = projet_a_modifier(request, pk)
    if request.method == "POST":
        choix = Choix(
            axes=_numeros(request, "axe"),
            enjeux=_numeros(request, "enjeu"),
            objectifs=_numeros(request, "objectif"),
            fiches=_numeros(request, "fiche"),
            transformees=_transformees(request),
            nouveautes=_numeros(request, "nouveaute"),
        )
        try:
            fiches = reprendre_l_ossature(projet, choix, par=request.user)
        except GesteRefuse as refus:
            messages.error(request, str(refus))
            return redirect("projet_ossature", projet.pk)
        messages.success(request, f"L’arbre est repris, avec {compte(fiches, 'fiche')} à relire.")
        return redirect("projet", projet.pk)
    source = projet.suite_de
    contexte: dict[str, Any] = {
        "projet": projet,
        "source": source,
        "arbre": None,
        "est_commence": projet.axes.exists() or projet.fiches.exists(),
    }
    if source is not None:
        contexte |= _proposer(source)
    return render(request, "projets/ossature.html", contexte)


def _proposer(source: ProjetSocial) -> dict[str, Any]:
    arbre = lire_arbre(source)
    memoire = lire_memoire(source, est_dehors=False, arbre=arbre)
    propositions = list(memoire.evaluation.propositions.all()) if memoire.evaluation else []
    _annoter(arbre, memoire.souvenirs, propositions)
    return {
        "arbre": arbre,
        "evaluation": memoire.evaluation,
        "nouveautes": _nouveautes(memoire.evaluation, propositions),
    }


def _annoter(arbre: Arbre, souvenirs: list[Souvenir], propositions: list[Proposition]) -> None:
    """Pose sur chaque objectif et chaque fiche ce que la page coche d'avance (`propose`)."""
    des_fiches = {souvenir.fiche.pk: _fiche_proposee(souvenir) for souvenir in souvenirs}
    des_objectifs = {
        p.objectif_id: Propose(
            est_garde=p.suite != SuiteProposee.ARRETER,
            libelle=str(SuiteProposee(p.suite).label),
            raison=p.raison,
        )
        for p in propositions
        if p.objectif_id and p.suite and p.suite != SuiteProposee.COMMENCER
    }
    for lue in arbre.fiches:
        lue.propose = des_fiches[lue.fiche.pk]  # type: ignore[attr-defined]
    for objectif in arbre.objectifs:
        objectif.propose = des_objectifs.get(objectif.objectif.pk, Propose())  # type: ignore[attr-defined]
        for operationnel in objectif.operationnels:
            operationnel.propose = Propose()  # type: ignore[attr-defined]


def _fiche_proposee(souvenir: Souvenir) -> FicheProposee:
    """Ce qui s'arrête et ce qui est fini ne se reprend pas d'office."""
    est_gardee = souvenir.devenir not in {SuiteProposee.ARRETER, "terminer"}
    est_changee = souvenir.devenir == SuiteProposee.TRANSFORMER
    return FicheProposee(
        souvenir, est_gardee, StatutFiche.EVOLUTION if est_changee else StatutFiche.EXISTANTE
    )


def _nouveautes(evaluation: Evaluation | None, propositions: list[Proposition]) -> list[Proposition]:
    return [p for p in propositions if p.suite == SuiteProposee.COMMENCER] if evaluation else []


def _numeros(request: RequeteConnectee, nom: str) -> set[int]:
    return {int(valeur) for valeur in request.POST.getlist(nom) if valeur.isdecimal()}


def _transformees(request: RequeteConnectee) -> set[int]:
    return {
        numero
        for numero in _numeros(request, "fiche")
        if request.POST.get(f"statut_{numero}") == StatutFiche.EVOLUTION
    }
