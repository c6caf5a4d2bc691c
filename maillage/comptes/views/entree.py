"""Accepter une invitation : la seule façon d'ouvrir un compte."""

from allauth.account.internal.flows.login import record_authentication
from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from maillage.comptes.forms.entree import AccepterInvitationForm
from maillage.comptes.operations import InvitationRefusee, accepter_invitation, trouver_invitation
from maillage.core.acces import interne


@interne
@never_cache
@sensitive_post_parameters("mot_de_passe")
@require_http_methods(["GET", "POST"])
def accepter(request: HttpRequest, jeton: str) -> HttpResponse:
    """Le lien reçu par courriel : on choisit son mot de passe et on entre."""
    try:
        invitation = trouver_invitation(jeton)
        form = AccepterInvitationForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            utilisateur = accepter_invitation(jeton, mot_de_passe=form.cleaned_data["mot_de_passe"])
            login(request, utilisateur, "allauth.account.auth_backends.AuthenticationBackend")
            record_authentication(request, utilisateur, method="password")
            messages.success(request, "Votre compte est ouvert.")
            return redirect("espace")
    except InvitationRefusee as refus:
        return render(request, "comptes/invitation_refusee.html", {"refus": refus}, status=410)
    except ValidationError as erreur:
        form.add_error("mot_de_passe", erreur)
    return render(request, "comptes/accepter_invitation.html", {"form": form, "invitation": invitation})
