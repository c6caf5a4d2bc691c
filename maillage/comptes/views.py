"""Pages des comptes qu'allauth ne fournit pas : l'espace, mon compte, accepter une invitation."""

from typing import Any

from allauth.mfa.recovery_codes.views import DownloadRecoveryCodesView
from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from maillage.comptes.forms import AccepterInvitationForm
from maillage.comptes.operations import InvitationRefusee, accepter_invitation, trouver_invitation
from maillage.comptes.requete import RequeteConnectee
from maillage.core.acces import interne


@require_GET
def espace(request: RequeteConnectee) -> HttpResponse:
    """Aujourd'hui : mes organisations, et ce que chaque pièce a à me montrer."""
    return render(
        request,
        "comptes/espace.html",
        {"appartenances": request.user.appartenances_du_jour, "aujourdhui": timezone.localdate()},
    )


@require_GET
def mon_compte(request: RequeteConnectee) -> HttpResponse:
    return render(request, "comptes/mon_compte.html", {"appartenances": request.user.appartenances_du_jour})


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
            messages.success(request, "Votre compte est ouvert.")
            return redirect("espace")
    except InvitationRefusee as refus:
        return render(request, "comptes/invitation_refusee.html", {"refus": refus}, status=410)
    except ValidationError as erreur:
        form.add_error("mot_de_passe", erreur)
    return render(request, "comptes/accepter_invitation.html", {"form": form, "invitation": invitation})


class CodesDeSecoursEnFichier(DownloadRecoveryCodesView):
    """Le fichier d'allauth, sous un nom que l'on retrouve."""

    def render_to_response(self, context: dict[str, Any], **response_kwargs: Any) -> HttpResponse:
        reponse: HttpResponse = super().render_to_response(context, **response_kwargs)
        reponse["Content-Disposition"] = 'attachment; filename="maillage-codes-de-secours.txt"'
        return reponse
