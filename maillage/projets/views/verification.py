"""La vérification avant l'envoi : ce qui manque, ce qui se contredit, qui s'en charge."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillage.comptes.requete import RequeteConnectee
from maillage.core.ecriture import GesteRefuse
from maillage.core.francais import compte
from maillage.projets.forms.verification import ConfierForm, LaisserForm
from maillage.projets.lecture import lire_arbre
from maillage.projets.models import ProjetSocial
from maillage.projets.operations.verification import (
    REGLE,
    confier_un_point,
    laisser_un_point,
    noter_la_verification,
    reprendre_un_point,
)
from maillage.projets.permissions import peut_ecrire_le_projet
from maillage.projets.verification.criteres import criteres_et_reponses
from maillage.projets.verification.lecture import Lecture
from maillage.projets.verification.suivi import verifier
from maillage.projets.views.acces import projet_lu, projet_tenu

DANS = timedelta(days=14)
"""Le jour proposé quand on confie un point."""


@require_GET
def verification(request: RequeteConnectee, pk: int) -> HttpResponse:
    """À l'équipe seule : un dossier qui s'écrit n'est pas à la Caf."""
    projet = projet_lu(request, pk)
    lecture = Lecture(projet, lire_arbre(projet))
    contexte = {
        "projet": projet,
        "verification": verifier(lecture),
        "criteres": criteres_et_reponses(lecture),
        "referentiel": lecture.referentiel,
        "ecrit": peut_ecrire_le_projet(request.user, projet),
        "aujourdhui": timezone.localdate(),
    }
    return render(request, "projets/verification/verification.html", contexte)


@require_POST
def verification_noter(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Vérifier de nouveau : dater ce qui est neuf, clore ce qui est réglé."""
    projet = projet_tenu(request, pk)
    neufs, regles = noter_la_verification(projet, par=request.user)
    if neufs or regles:
        messages.success(
            request, f"{compte(neufs, 'point nouveau,points nouveaux')}, {compte(regles, 'point réglé')}."
        )
    else:
        messages.info(request, "Rien n’a changé depuis la dernière fois.")
    return redirect("verification", projet.pk)


@require_http_methods(["GET", "POST"])
def verification_point(request: RequeteConnectee, pk: int, reference: str) -> HttpResponse:
    """Un point : ses endroits, qui s'en charge, ou pourquoi le laisser."""
    projet = projet_tenu(request, pk)
    ligne = verifier(Lecture(projet, lire_arbre(projet))).ligne(reference)
    if ligne is None:
        messages.info(request, REGLE)
        return redirect("verification", projet.pk)
    tache = ligne.point.tache if ligne.point and ligne.est_confiee else None
    geste = request.POST.get("geste", "")
    confier = ConfierForm(
        request.POST if geste == "confier" else None,
        projet=projet,
        initial={
            "responsable": tache.responsable_id if tache else request.user.pk,
            "echeance": tache.echeance if tache else timezone.localdate() + DANS,
        },
    )
    laisser = LaisserForm(
        request.POST if geste == "laisser" else None,
        initial={"raison": ligne.point.raison if ligne.point else ""},
    )
    if request.method == "POST":
        try:
            if dit := _agir(request, projet, reference, geste, confier, laisser):
                messages.success(request, dit)
                return redirect("verification", projet.pk)
        except GesteRefuse as refus:
            messages.error(request, str(refus))
            return redirect("verification", projet.pk)
    contexte = {"projet": projet, "ligne": ligne, "tache": tache, "confier": confier, "laisser": laisser}
    statut = 422 if confier.errors or laisser.errors else 200
    return render(request, "projets/verification/point.html", contexte, status=statut)


def _agir(
    request: RequeteConnectee, projet: ProjetSocial, reference: str, geste: str, confier: Form, laisser: Form
) -> str:
    """Ce qui est fait, en une phrase ; vide quand le formulaire est à revoir. Lève `GesteRefuse`."""
    lus: dict[str, Any]
    if geste == "confier":
        if not confier.is_valid():
            return ""
        lus = confier.cleaned_data
        confier_un_point(projet, reference, **lus, par=request.user)
        return f"C’est confié à {lus['responsable'].prenom}. La tâche est dans le rétroplanning."
    if geste == "laisser":
        if not laisser.is_valid():
            return ""
        laisser_un_point(projet, reference, raison=laisser.cleaned_data["raison"], par=request.user)
        return "Ce point est laissé tel quel. On peut y revenir."
    if geste == "reprendre":
        reprendre_un_point(projet, reference, par=request.user)
        return "Ce point est de nouveau à voir."
    raise Http404("Ce geste n'existe pas.")
