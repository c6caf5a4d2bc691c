"""Pages des comptes qu'allauth ne fournit pas : l'espace, mon compte, accepter une invitation."""

from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
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
    return render(request, "comptes/espace.html", {"appartenances": request.user.appartenances_du_jour()})


@require_GET
def mon_compte(request: RequeteConnectee) -> HttpResponse:
    return render(request, "comptes/mon_compte.html", {"appartenances": request.user.appartenances_du_jour()})


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
            return redirect("espace")
    except InvitationRefusee as refus:
        return render(request, "comptes/invitation_refusee.html", {"refus": refus}, status=410)
    except ValidationError as erreur:
        form.add_error("mot_de_passe", erreur)
    return render(request, "comptes/accepter_invitation.html", {"form": form, "invitation": invitation})
