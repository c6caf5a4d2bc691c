"""L'agrément : envoyer le projet, noter la réponse de la Caf, commencer, clore, revenir en arrière."""

from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillage.comptes.permissions import conseillers_de
from maillage.comptes.requete import RequeteConnectee
from maillage.core.debit import Debit, limiter
from maillage.core.ecriture import GesteRefuse
from maillage.projets.choices import EtatDemandeAgrement, EtatProjet, GenreEnvoi
from maillage.projets.exportation.dossier import document_du_dossier
from maillage.projets.forms.agrements import CompleterForm, DecisionForm
from maillage.projets.forms.envois import EnvoyerForm
from maillage.projets.lecture import lire_arbre
from maillage.projets.models import (
    Annotation,
    Avis,
    DemandeAgrement,
    DemandeDeComplements,
    Envoi,
    Lettre,
    ProjetSocial,
)
from maillage.projets.operations.agrements import (
    PAS,
    dernier_pas,
    est_fait_par_la_caf,
    faire_un_pas,
    noter_la_decision,
    noter_une_demande_de_la_caf,
    retirer_la_demande,
    revenir_a_l_etat_d_avant,
)
from maillage.projets.operations.envois import envoyer_le_dossier
from maillage.projets.operations.pieces import pieces_a_envoyer
from maillage.projets.permissions import peut_conduire_le_projet, peut_ecrire_le_projet
from maillage.projets.regles import regle, regle_du
from maillage.projets.verification import manques
from maillage.projets.views.envois import rattraper_le_projet

ENVOIS: Final = Debit("envois_de_dossier", par_minute=20, rafale=20)
LIBELLES_DES_PAS = {
    "commencer_projet": "Commencer le projet",
    "reprendre_projet": "Reprendre le projet",
    "clore_l_evaluation": "L’évaluation est écrite",
    "archiver_projet": "Archiver le projet",
}


@require_GET
def agrement(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Où en sont les demandes, et ce que la direction peut faire maintenant."""
    lus = ProjetSocial.objects.de_l_equipe(request.user).select_related("structure")
    projet = get_object_or_404(lus, pk=pk)
    demandes = list(projet.demandes.select_related("agrement"))
    conduit = peut_conduire_le_projet(request.user, projet)
    pas_fait = dernier_pas(projet)
    contexte = {
        "projet": projet,
        "demandes": [(demande, regle(demande.regle)) for demande in demandes],
        "conduit": conduit,
        "pas": _pas_possible(projet) if conduit else None,
        "a_defaire": pas_fait if conduit else None,
        "attendues": [d for d in demandes if d.etat == EtatDemandeAgrement.DEPOSEE],
        "dernier": derniers_envois(projet).first(),
        "complements": complement_ouvert(projet),
        "annotations": Annotation.objects.de_l_equipe(request.user)
        .filter(envoi__projet=projet)
        .select_related("envoi", "ecrite_par")
        .defer("envoi__contenu"),
        "avis": Avis.objects.de_l_equipe(request.user)
        .filter(envoi__projet=projet)
        .order_by("-rendu_le")
        .first(),
        "lettres": Lettre.objects.de_l_equipe(request.user).filter(projet=projet).defer("contenu"),
        "peut_repondre": peut_ecrire_le_projet(request.user, projet),
        "a_une_caf": bool(conseillers_de(projet.structure)),
        "fait_par_la_caf": pas_fait is not None and est_fait_par_la_caf(pas_fait),
        "regle": (regle(demandes[0].regle) if demandes else None) or regle_du(timezone.localdate()),
    }
    return render(request, "projets/agrement.html", contexte)


@limiter(ENVOIS)
@require_http_methods(["GET", "POST"])
def agrement_soumettre(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Envoyer le dossier : ce qui manque, le vote, ce que l'on demande, puis l'envoi figé. Rien n'empêche d'envoyer
    quand même."""
    projet = _conduit(request, pk)
    form = EnvoyerForm(request.POST if request.method == "POST" else None, projet=projet)
    if request.method == "POST" and form.is_valid():
        rattraper_le_projet(projet)
        try:
            envoi = envoyer_le_dossier(
                projet,
                document_du_dossier(projet),
                pieces=pieces_a_envoyer(projet),
                regle_qui_vaut=form.cleaned_data.pop("regle"),
                par=request.user,
                **form.cleaned_data,
            )
        except ValidationError as refus:
            form.add_error(None, refus)
        except GesteRefuse as refus:
            messages.error(request, str(refus))
            return redirect("agrement", projet.pk)
        else:
            messages.success(request, f"Le dossier est transmis : version {envoi.numero}.")
            return redirect("envoi", envoi.pk)
    contexte = {
        "projet": projet,
        "form": form,
        "manques": manques(projet, lire_arbre(projet)),
        "pieces": pieces_a_envoyer(projet),
        "a_une_caf": bool(conseillers_de(projet.structure)),
        "complements": complement_ouvert(projet),
    }
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


def derniers_envois(projet: ProjetSocial) -> QuerySet[Envoi]:
    """Les versions du dossier que la Caf a devant elle, la plus récente d'abord, sans leur contenu."""
    dossiers = projet.envois.filter(genre=GenreEnvoi.DOSSIER, retire_le=None)
    return dossiers.defer("contenu").order_by("-numero")


def complement_ouvert(projet: ProjetSocial) -> DemandeDeComplements | None:
    demandes = DemandeDeComplements.objects.filter(
        envoi__projet=projet, envoi__retire_le=None, retiree_le=None, reponse=None
    )
    return demandes.prefetch_related("points__repondu_par").first()


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
