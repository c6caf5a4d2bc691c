"""Examiner ce qu'un centre ou un lecteur propose : ce qui change, ce qu'il faut regarder, et la décision."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from maillage.catalogue.champs import CHAMPS
from maillage.catalogue.choices import EtatExperience, GenreContribution, GenrePoint
from maillage.catalogue.forms.examen import (
    POURQUOI_PAS,
    RAISONS_DE_DEMANDER,
    RAISONS_DE_REFUSER,
    ExamenForm,
    pourquoi_pas,
)
from maillage.catalogue.importation.vigilance import Reperage
from maillage.catalogue.models import Contribution, Experience
from maillage.catalogue.operations.examen import (
    accepter_contribution,
    defaire_decision,
    demander_precision,
    demasquer_donnees,
    masquer_donnees,
    refuser_contribution,
)
from maillage.catalogue.propositions import budgets, propositions
from maillage.catalogue.voisines import Voisine, voisines
from maillage.comptes.requete import RequeteConnectee
from maillage.core.francais import compte
from maillage.core.journal import type_objet
from maillage.core.models import LigneJournal
from maillage.core.versions import ConflitDeVersion
from maillage.moderation.choices import EtatDemande, Geste
from maillage.moderation.models import Decision, Demande
from maillage.moderation.operations import GesteImpossible
from maillage.moderation.permissions import peut_defaire, peut_moderer
from maillage.moderation.presentation import adresse_suivante, genre_choisi, salle

LIGNES_D_HISTOIRE = 12
NOMS_DES_DONNEES = {
    GenrePoint.PERSONNE: "un nom,des noms",
    GenrePoint.TELEPHONE: "un téléphone,des téléphones",
    GenrePoint.COURRIEL: "un courriel,des courriels",
    GenrePoint.NIR: "un numéro de sécurité sociale,des numéros de sécurité sociale",
    GenrePoint.IBAN: "un compte bancaire,des comptes bancaires",
}
TRAITEE = "Cette demande vient d’être traitée. Rien d’autre n’a été changé."
FAITS = {
    Geste.ACCEPTER: "« {titre} » est à jour en ligne.",
    Geste.DEMANDER: "La précision est demandée pour « {titre} ».",
    Geste.REFUSER: "« {titre} » est refusée, avec votre raison.",
}


def _a_examiner(request: RequeteConnectee, pk: int) -> tuple[Contribution, Demande]:
    """La contribution et sa dernière demande, pour qui peut en juger. Sinon la page n'existe pas."""
    if not peut_moderer(request.user):
        raise Http404
    contributions = Contribution.objects.select_related("experience__structure__departement", "auteur")
    contribution: Contribution = get_object_or_404(contributions, pk=pk)
    visibles = Demande.objects.visibles_par(request.user).sur(contribution)
    demande: Demande | None = (
        visibles.select_related("structure__departement", "prise_par").order_by("-pk").first()
    )
    if demande is None:
        raise Http404
    return contribution, demande


@require_http_methods(["GET", "POST"])
def examiner_contribution(request: RequeteConnectee, pk: int) -> HttpResponse:
    contribution, demande = _a_examiner(request, pk)
    if request.method != "POST":
        return _page(request, contribution, demande)
    if demande.etat != EtatDemande.EN_ATTENTE:
        return _page(request, contribution, demande, refus=TRAITEE)
    proposees = propositions(contribution)
    pieces = list(contribution.pieces.presentes())
    form = ExamenForm(request.POST, propositions=proposees, pieces=pieces)
    if not form.is_valid():
        return _page(
            request, contribution, demande, refus="Ce formulaire n’est plus à jour. Relisez, puis décidez."
        )
    try:
        _decider(contribution, form, request)
    except (GesteImpossible, ValidationError) as impossible:
        contribution, demande = _a_examiner(request, pk)
        raison = " ".join(impossible.messages) if isinstance(impossible, ValidationError) else str(impossible)
        return _page(request, contribution, demande, refus=raison)
    except ConflitDeVersion:
        contribution, demande = _a_examiner(request, pk)
        return _page(request, contribution, demande, est_en_conflit=True)
    geste = Geste(form.cleaned_data["geste"])
    messages.success(
        request,
        FAITS[geste].format(titre=demande.titre),
        extra_tags=reverse("defaire_examen", args=[pk]),
    )
    return redirect(adresse_suivante(demande, request.user, genre_choisi(request.GET)))


def _decider(contribution: Contribution, form: ExamenForm, request: RequeteConnectee) -> Decision:
    lu = form.cleaned_data["version"]
    if form.cleaned_data["geste"] == Geste.ACCEPTER:
        return accepter_contribution(
            contribution,
            form.cleaned_data["champs"],
            par=request.user,
            motif=form.pourquoi_pas,
            pieces=form.numeros_des_pieces,
            version_lue=lu,
            version_de_la_fiche=form.cleaned_data["version_de_la_fiche"],
        )
    acte = demander_precision if form.cleaned_data["geste"] == Geste.DEMANDER else refuser_contribution
    return acte(contribution, par=request.user, motif=form.raison_complete, version_lue=lu)


def _page(
    request: RequeteConnectee,
    contribution: Contribution,
    demande: Demande,
    *,
    refus: str = "",
    est_en_conflit: bool = False,
) -> HttpResponse:
    experience = contribution.experience
    proposees = propositions(contribution)
    est_nouvelle = contribution.genre == GenreContribution.NOUVELLE
    contexte: dict[str, Any] = {
        "contribution": contribution,
        "fiche": experience,
        "est_nouvelle": est_nouvelle,
        "est_correction": contribution.genre == GenreContribution.CORRECTION,
        "est_publiee": experience.etat == EtatExperience.PUBLIEE,
        "proposees": [(p, pourquoi_pas(p)) for p in proposees],
        "inchanges": len(CHAMPS) - len(proposees),
        "raisons": POURQUOI_PAS,
        "donnees": [(p, _nommer(p.donnees), len(p.donnees)) for p in proposees if p.donnees],
        "masques": _masques(contribution, request),
        "doutes": [(p, p.doutes) for p in proposees if p.doutes],
        "depasses": [p for p in proposees if p.a_change_depuis],
        "proches": _proches(contribution),
        "budgets": budgets(contribution, proposees),
        "pieces": list(contribution.pieces.presentes()),
        "histoire": _histoire(contribution),
        "raisons_de_demander": RAISONS_DE_DEMANDER,
        "raisons_de_refuser": RAISONS_DE_REFUSER,
        "caches": [("version", contribution.version), ("version_de_la_fiche", experience.version)],
        "refus": refus,
        "est_en_conflit": est_en_conflit,
        "texte_a_garder": request.POST.get("motif", ""),
        "geste_a_garder": request.POST.get("geste", ""),
    }
    contexte |= salle(demande, request.user, request.GET, retour=request.get_full_path())
    return render(
        request, "catalogue/examen.html", contexte, status=409 if est_en_conflit else 422 if refus else 200
    )


@require_POST
def defaire_examen(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Revient sur ma dernière décision."""
    contribution, demande = _a_examiner(request, pk)
    decision = demande.decisions.filter(annulee_le=None).first()
    if decision is None or not peut_defaire(request.user, decision):
        messages.error(
            request, "Cette décision ne se défait plus : l’auteur est prévenu, ou une autre l’a prise."
        )
    else:
        try:
            defaire_decision(decision, par=request.user)
            messages.info(
                request,
                f"Décision défaite : « {demande.titre} » attend de nouveau. Personne n’a été prévenu.",
            )
        except GesteImpossible as impossible:
            messages.error(request, str(impossible))
    return redirect("examiner_contribution", contribution.pk)


@require_POST
def masquer(request: RequeteConnectee, pk: int, champ: str) -> HttpResponse:
    """Masque les données de personnes d'un champ proposé, ou remet le texte (`geste=remettre`)."""
    contribution, _ = _a_examiner(request, pk)
    if champ not in contribution.contenu:
        raise Http404
    libelle = CHAMPS[champ].libelle
    if request.POST.get("geste") == "remettre":
        demasquer_donnees(contribution, champ, par=request.user)
        messages.info(request, f"Le texte de « {libelle} » est tel que l’auteur l’a envoyé.")
    elif nombre := masquer_donnees(contribution, champ, par=request.user):
        messages.info(
            request, f"{compte(nombre, 'donnée masquée')} dans « {libelle} ». Le changement peut être pris."
        )
    return redirect(reverse("examiner_contribution", args=[pk]) + _suite(request))


def _suite(request: RequeteConnectee) -> str:
    return f"?{request.GET.urlencode()}" if request.GET else ""


# --- Ce qu'il faut regarder -----------------------------------------------------------------------


def _nommer(donnees: tuple[Reperage, ...]) -> str:
    """« un nom et un téléphone »."""
    nombres = Counter(donnee.genre for donnee in donnees)
    mots = [noms.split(",")[nombres[genre] > 1] for genre, noms in NOMS_DES_DONNEES.items() if nombres[genre]]
    *debut, dernier = mots
    return f"{', '.join(debut)} et {dernier}" if debut else dernier


def _masques(contribution: Contribution, request: RequeteConnectee) -> list[tuple[str, str]]:
    """Les champs que je viens de masquer, et que je peux remettre."""
    gardees = dict(
        contribution.sauvegardes.filter(par=request.user).order_by("pk").values_list("champ", "valeur")
    )
    return [
        (nom, CHAMPS[nom].libelle)
        for nom, valeur in gardees.items()
        if nom in contribution.contenu and contribution.contenu[nom] != valeur
    ]


def _proches(contribution: Contribution) -> list[Voisine]:
    """Les fiches en ligne qui racontent peut-être la même action."""
    resume = str(contribution.contenu.get("resume", contribution.experience.resume))
    trouvees = voisines(contribution, contribution.titre, resume)
    return [voisine for voisine in trouvees if not voisine.est_en_ecriture]


def _histoire(contribution: Contribution) -> list[LigneJournal]:
    """Ce qui est arrivé à la fiche et à ses contributions, du plus récent au plus ancien."""
    contributions = contribution.experience.contributions.order_by().values_list("pk", flat=True)
    sur_la_fiche = Q(objet_type=type_objet(Experience), objet_id=contribution.experience_id)
    sur_elles = Q(objet_type=type_objet(Contribution), objet_id__in=list(contributions))
    return list(LigneJournal.objects.filter(sur_la_fiche | sur_elles).order_by("-pk")[:LIGNES_D_HISTOIRE])
