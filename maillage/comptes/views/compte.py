"""L'espace, mon compte, le second facteur, et la session qui dure."""

from typing import Any

from allauth.mfa.recovery_codes.views import DownloadRecoveryCodesView, GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from maillage.comptes.middleware import ENVOI, renouveler_la_session
from maillage.comptes.operations import noter_second_facteur
from maillage.comptes.requete import RequeteConnectee


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


@never_cache
@require_http_methods(["GET", "POST"])
def session(request: RequeteConnectee) -> HttpResponse:
    """Combien de temps reste la session (GET, sans la prolonger) ; « rester connecté » (POST)."""
    if (
        request.method == "POST"
        and request.get_preferred_type(["text/html", "application/json"]) == "text/html"
    ):
        return redirect("espace")
    return JsonResponse({"reste": getattr(request, "session_reste", None)})


@never_cache
@require_http_methods(["GET", "POST"])
def reprendre_un_envoi(request: RequeteConnectee) -> HttpResponse:
    """Ce qu'on écrivait quand la session s'est fermée : à envoyer maintenant, ou à laisser."""
    envoi = request.session.get(ENVOI)
    if request.method == "POST":
        request.session.pop(ENVOI, None)
        return redirect("espace")
    if not envoi or envoi["utilisateur"] != request.user.pk:
        return redirect("espace")
    champs = [(nom, valeur) for nom, valeurs in envoi["champs"].items() for valeur in valeurs]
    lisibles = [valeur for _, valeur in champs if len(valeur) > 20]
    contexte = {"chemin": envoi["chemin"], "champs": champs, "lisibles": lisibles}
    return render(request, "comptes/reprendre_un_envoi.html", contexte)


# --- Le second facteur ------------------------------------------------------------------------------


def _noter(request: HttpRequest, geste: str) -> None:
    """Les autres sessions meurent ; celle-ci reçoit un nouveau numéro et reste dans la liste."""
    utilisateur: Any = request.user
    noter_second_facteur(utilisateur, geste)
    renouveler_la_session(request, lambda: update_session_auth_hash(request, utilisateur))


class Relier(ActivateTOTPView):
    def form_valid(self, form: Any) -> HttpResponse:
        reponse: HttpResponse = super().form_valid(form)
        _noter(self.request, "relié une application à votre compte")
        return reponse


class Retirer(DeactivateTOTPView):
    def form_valid(self, form: Any) -> HttpResponse:
        reponse: HttpResponse = super().form_valid(form)
        _noter(self.request, "retiré l’application de votre compte")
        return reponse


class RenouvelerLesCodes(GenerateRecoveryCodesView):
    def form_valid(self, form: Any) -> HttpResponse:
        reponse: HttpResponse = super().form_valid(form)
        _noter(self.request, "créé de nouveaux codes de secours")
        return reponse


class CodesDeSecoursEnFichier(DownloadRecoveryCodesView):
    """Le fichier d'allauth, sous un nom que l'on retrouve."""

    def render_to_response(self, context: dict[str, Any], **response_kwargs: Any) -> HttpResponse:
        reponse: HttpResponse = super().render_to_response(context, **response_kwargs)
        reponse["Content-Disposition"] = 'attachment; filename="maillage-codes-de-secours.txt"'
        return reponse
