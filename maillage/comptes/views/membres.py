"""Un membre : son rôle, son départ, ses sessions, son second facteur, son compte."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillage.comptes.choices import Role
from maillage.comptes.forms.equipe import ChangerRoleForm, DepartForm
from maillage.comptes.models import Appartenance, Utilisateur
from maillage.comptes.operations import (
    RoleRefuse,
    a_transmettre,
    annuler_depart,
    changer_role,
    fermer_les_sessions,
    retirer_second_facteur,
    rouvrir_compte,
    terminer_appartenance,
)
from maillage.comptes.operations.departs import repreneurs
from maillage.comptes.permissions import (
    demande_un_second_facteur,
    peut_gerer,
    peut_tenir_le_compte,
    roles_a_donner,
)
from maillage.comptes.presentation import en_mots
from maillage.comptes.requete import RequeteConnectee
from maillage.comptes.views.equipe import adresse_du_lieu, exiger_une_confirmation


@require_GET
def membre(request: RequeteConnectee, pk: int) -> HttpResponse:
    appartenance = _geree(request, pk)
    personne = appartenance.utilisateur
    peut_tenir = peut_tenir_le_compte(request.user, personne)
    contexte = {
        **_contexte(appartenance),
        "peut_tenir": peut_tenir,
        "a_un_second_facteur": is_mfa_enabled(personne, ["totp"]),
        "doit_en_avoir_un": any(demande_un_second_facteur(t) for t in personne.appartenances_du_jour),
        "sessions": sorted(UserSession.objects.purge_and_list(personne), key=lambda s: s.created_at)
        if peut_tenir
        else [],
    }
    return render(request, "comptes/equipe/membre.html", contexte)


@require_http_methods(["GET", "POST"])
def membre_role(request: RequeteConnectee, pk: int) -> HttpResponse:
    appartenance = _geree(request, pk)
    exiger_une_confirmation(request)
    roles = roles_a_donner(request.user, appartenance.organisation)
    formulaire = ChangerRoleForm(request.POST or None, roles=roles, initial={"role": appartenance.role})
    if request.method == "POST" and formulaire.is_valid():
        try:
            changer_role(appartenance, Role(formulaire.cleaned_data["role"]), par=request.user)
            messages.success(request, "Le rôle est changé. Un courriel prévient la personne.")
            return redirect("membre", appartenance.pk)
        except RoleRefuse as refus:
            formulaire.add_error(None, str(refus))
    return render(request, "comptes/equipe/role.html", {**_contexte(appartenance), "formulaire": formulaire})


@require_http_methods(["GET", "POST"])
def membre_depart(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Le dernier jour, et à qui passe le travail."""
    appartenance = _geree(request, pk)
    exiger_une_confirmation(request)
    formulaire = DepartForm(
        request.POST or None,
        repreneurs=repreneurs(appartenance, par=request.user),
        laisse=en_mots(a_transmettre(appartenance)),
        initial={"quand": DepartForm.MAINTENANT},
    )
    if request.method == "POST" and formulaire.is_valid():
        try:
            terminer_appartenance(
                appartenance,
                le=formulaire.dernier_jour,
                a=formulaire.cleaned_data.get("a"),
                par=request.user,
            )
            messages.success(request, f"Le départ de {appartenance.utilisateur} est noté.")
            return redirect(adresse_du_lieu(appartenance.organisation))
        except RoleRefuse as refus:
            formulaire.add_error(None, str(refus))
    contexte = {**_contexte(appartenance), "formulaire": formulaire}
    return render(request, "comptes/equipe/depart.html", contexte)


@require_POST
def membre_reste(request: RequeteConnectee, pk: int) -> HttpResponse:
    return _acte(request, pk, annuler_depart, "Le départ est annulé.")


@require_POST
def membre_sessions(request: RequeteConnectee, pk: int) -> HttpResponse:
    return _acte(
        request,
        pk,
        _sur_le_compte(fermer_les_sessions),
        "Ses sessions sont fermées. La personne entrera de nouveau.",
    )


@require_http_methods(["GET", "POST"])
def membre_second_facteur(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Téléphone perdu : s'assurer que c'est elle, puis retirer."""
    appartenance = _geree(request, pk)
    if not peut_tenir_le_compte(request.user, appartenance.utilisateur):
        raise Http404
    exiger_une_confirmation(request)
    if request.method == "GET":
        return render(request, "comptes/equipe/second_facteur.html", _contexte(appartenance))
    return _acte(
        request,
        pk,
        _sur_le_compte(retirer_second_facteur),
        "Son second facteur est retiré. La personne en reliera un autre en entrant.",
    )


@require_POST
def membre_rouvrir(request: RequeteConnectee, pk: int) -> HttpResponse:
    return _acte(
        request, pk, _sur_le_compte(rouvrir_compte), "Le compte est rouvert. Un courriel l’en prévient."
    )


def _geree(request: HttpRequest, pk: int) -> Appartenance:
    """L'appartenance en cours, si cette personne la gère. Lève `Http404` : pour les autres, elle n'existe pas."""
    lues = Appartenance.objects.en_cours().select_related(
        "utilisateur", "structure", "gestionnaire", "institution"
    )
    appartenance = get_object_or_404(lues, pk=pk)
    if not peut_gerer(request.user, appartenance):
        raise Http404
    return appartenance


def _contexte(appartenance: Appartenance) -> dict[str, object]:
    return {
        "appartenance": appartenance,
        "personne": appartenance.utilisateur,
        "organisation": appartenance.organisation,
        "adresse_equipe": adresse_du_lieu(appartenance.organisation),
    }


def _acte(request: RequeteConnectee, pk: int, acte: Callable[..., None], phrase: str) -> HttpResponse:
    appartenance = _geree(request, pk)
    try:
        acte(appartenance, par=request.user)
        messages.success(request, phrase)
    except RoleRefuse as refus:
        messages.error(request, str(refus))
    return redirect("membre", appartenance.pk)


def _sur_le_compte(acte: Callable[..., None]) -> Callable[..., None]:
    def sur_la_personne(appartenance: Appartenance, *, par: Utilisateur) -> None:
        acte(appartenance.utilisateur, par=par)

    return sur_la_personne
