"""L'agrément : envoyer le projet, noter la réponse de la Caf, commencer, clore, revenir en arrière."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillage.comptes.requete import RequeteConnectee
from maillage.core.ecriture import GesteRefuse
from maillage.projets.choices import EtatDemandeAgrement, EtatProjet
from maillage.projets.forms.agrements import CompleterForm, DecisionForm, SoumettreForm
from maillage.projets.lecture import lire_arbre
from maillage.projets.manques import manques
from maillage.projets.models import DemandeAgrement, ProjetSocial
from maillage.projets.operations.agrements import (
    PAS,
    dernier_pas,
    faire_un_pas,
    noter_la_decision,
    noter_une_demande_de_la_caf,
    retirer_la_demande,
    revenir_a_l_etat_d_avant,
    soumettre_projet,
)
from maillage.projets.permissions import peut_conduire_le_projet
from maillage.projets.regles import regle, regle_du

LIBELLES_DES_PAS = {
    "commencer_projet": "Commencer le projet",
    "reprendre_projet": "Reprendre le projet",
    "clore_l_evaluation": "L’évaluation est écrite",
    "archiver_projet": "Archiver le projet",
}


@require_GET
def agrement(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Où en sont les demandes, et ce que la direction peut faire maintenant."""
    lus = ProjetSocial.objects.visibles_par(request.user).select_related("structure")
    projet = get_object_or_404(lus, pk=pk)
    demandes = list(projet.demandes.select_related("agrement"))
    conduit = peut_conduire_le_projet(request.user, projet)
    contexte = {
        "projet": projet,
        "demandes": [(demande, regle(demande.regle)) for demande in demandes],
        "conduit": conduit,
        "pas": _pas_possible(projet) if conduit else None,
        "a_defaire": dernier_pas(projet) if conduit else None,
        "attendues": [d for d in demandes if d.etat == EtatDemandeAgrement.DEPOSEE],
        "regle": (regle(demandes[0].regle) if demandes else None) or regle_du(timezone.localdate()),
    }
    return render(request, "projets/agrement.html", contexte)


@require_http_methods(["GET", "POST"])
def agrement_soumettre(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Ce qui manque, dit avant d'envoyer ; rien n'empêche d'envoyer quand même."""
    projet = _conduit(request, pk)
    form = SoumettreForm(request.POST if request.method == "POST" else None, projet=projet)
    if request.method == "POST" and form.is_valid():
        lus = form.cleaned_data
        try:
            soumettre_projet(
                projet,
                types=lus["types"],
                regle_qui_vaut=lus["regle"],
                deposee_le=lus["deposee_le"],
                par=request.user,
            )
        except ValidationError as refus:
            form.add_error(None, refus)
        except GesteRefuse as refus:
            messages.error(request, str(refus))
            return redirect("agrement", projet.pk)
        else:
            messages.success(request, "Le projet est soumis. La Caf de votre territoire peut le lire.")
            return redirect("agrement", projet.pk)
    contexte = {"projet": projet, "form": form, "manques": manques(projet, lire_arbre(projet))}
    return render(request, "projets/soumettre.html", contexte, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def agrement_completer(request: RequeteConnectee, pk: int) -> HttpResponse:
    """La Caf demande autre chose : le projet se rouvre à l'écriture."""
    projet = _conduit(request, pk)
    form = CompleterForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            noter_une_demande_de_la_caf(projet, mot=form.cleaned_data["mot"], par=request.user)
            messages.success(request, "C’est noté. Le projet se corrige de nouveau.")
        except GesteRefuse as refus:
            messages.error(request, str(refus))
        return redirect("agrement", projet.pk)
    return _demander(request, projet, form, "La Caf demande de compléter", "Noter et rouvrir le projet")


@require_http_methods(["GET", "POST"])
def demande_decision(request: RequeteConnectee, pk: int) -> HttpResponse:
    demande = _demande(request, pk)
    form = DecisionForm(request.POST if request.method == "POST" else None, demande=demande)
    if request.method == "POST" and form.is_valid():
        lus = dict(form.cleaned_data)
        est_accordee = lus.pop("reponse") == "accordee"
        try:
            noter_la_decision(demande, est_accordee=est_accordee, par=request.user, **lus)
        except ValidationError as refus:
            form.add_error(None, refus)
        except GesteRefuse as refus:
            messages.error(request, str(refus))
            return redirect("agrement", demande.projet_id)
        else:
            messages.success(request, "La réponse de la Caf est notée.")
            return redirect("agrement", demande.projet_id)
    titre = f"La réponse de la Caf : {demande.get_type_display().lower()}"
    return _demander(request, demande.projet, form, titre, "Noter la réponse")


@require_POST
def demande_retirer(request: RequeteConnectee, pk: int) -> HttpResponse:
    demande = _demande(request, pk)
    try:
        retirer_la_demande(demande, par=request.user)
        messages.success(request, "La demande est retirée.")
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    return redirect("agrement", demande.projet_id)


@require_POST
def agrement_pas(request: RequeteConnectee, pk: int, acte: str) -> HttpResponse:
    """Commencer, reprendre, clore, archiver, ou revenir à l'état d'avant."""
    projet = _conduit(request, pk)
    try:
        if acte == "revenir":
            revenir_a_l_etat_d_avant(projet, par=request.user)
        elif acte in PAS:
            faire_un_pas(projet, acte, par=request.user)
        else:
            raise Http404
        messages.success(request, f"Le projet est maintenant « {projet.get_etat_display()} ».")
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    return redirect("agrement", projet.pk)


def _demander(
    request: RequeteConnectee, projet: ProjetSocial, form: Form, titre: str, acte: str
) -> HttpResponse:
    contexte: dict[str, Any] = {"projet": projet, "form": form, "titre": titre, "acte": acte}
    return render(request, "projets/reponse.html", contexte, status=422 if form.errors else 200)


def _pas_possible(projet: ProjetSocial) -> tuple[str, str] | None:
    """Le pas suivant, et le mot de son bouton."""
    for acte, (depuis, _, _) in PAS.items():
        if EtatProjet(projet.etat) in depuis:
            return acte, LIBELLES_DES_PAS[acte]
    return None


def _conduit(request: RequeteConnectee, pk: int) -> ProjetSocial:
    lus = ProjetSocial.objects.de_l_equipe(request.user).select_related("structure")
    projet: ProjetSocial = get_object_or_404(lus, pk=pk)
    if not peut_conduire_le_projet(request.user, projet):
        raise Http404
    return projet


def _demande(request: RequeteConnectee, pk: int) -> DemandeAgrement:
    projets = ProjetSocial.objects.de_l_equipe(request.user)
    lues = DemandeAgrement.objects.select_related("projet__structure")
    demande = get_object_or_404(lues, pk=pk, projet__in=projets)
    if not peut_conduire_le_projet(request.user, demande.projet):
        raise Http404
    return demande
