"""Ce qui entoure chaque demande d'une personne connectée : sa session, son second facteur, ses essais."""

import time
from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from maillage.comptes.hachage import TropDeHachages
from maillage.comptes.models import Utilisateur
from maillage.comptes.operations.essais import TropDEssais
from maillage.comptes.permissions import doit_avoir_un_second_facteur
from maillage.core.demande import numero_de_demande

Reponse = Callable[[HttpRequest], HttpResponse]

VU, OUVERTE, ROLES, ENVOI = "maillage_vu", "maillage_ouverte", "maillage_roles", "maillage_envoi"
PAS_D_ECRITURE = 60
"""Secondes : la session ne note pas plus souvent le dernier geste."""
LONGUEUR_D_UN_ENVOI = 200_000
PAGES_DU_COMPTE = frozenset(
    {
        "mon_compte",
        "reprendre_un_envoi",
        "session",
        "usersessions_list",
        "accepter_invitation",
        "healthz",
        "readyz",
    }
)
"""Avec les pages d'allauth (`account_…`, `mfa_…`) : ce que l'on ouvre avant d'avoir relié un second facteur."""
PAGES_SANS_GESTE = frozenset({"session"})
"""Demander combien de temps il reste n'est pas un signe de vie."""
SANS_GESTE = "Sans-Geste"
"""En-tête de ce qu'une page ouverte demande d'elle-même : une page oubliée ne tient pas la session ouverte."""


class SessionTenue:
    """La session de qui a un second facteur se ferme après trente minutes sans geste, et douze heures au plus.

    Un rôle changé depuis la dernière demande donne une session neuve. Un envoi arrivé trop tard est gardé : la
    personne le retrouve en rentrant.
    """

    def __init__(self, get_response: Reponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        utilisateur = request.user
        if not isinstance(utilisateur, Utilisateur):
            return None
        if doit_avoir_un_second_facteur(utilisateur) and _mesurer(request) <= 0:
            return _fermer(request, utilisateur)
        _changer_de_session_avec_les_roles(request, utilisateur)
        return None


def _mesurer(request: HttpRequest) -> int:
    """Secondes avant que la session se ferme, posées sur la demande ; zéro ou moins si c'est déjà fait."""
    session, maintenant = request.session, int(time.time())
    ouverte, vu = session.setdefault(OUVERTE, maintenant), session.setdefault(VU, maintenant)
    au_plus = ouverte + settings.SESSION_COOKIE_AGE - maintenant
    reste = min(vu + settings.SESSION_SANS_GESTE - maintenant, au_plus)
    if reste > 0 and _est_un_geste(request):
        if maintenant - vu >= PAS_D_ECRITURE:
            session[VU] = vu = maintenant
        reste = min(vu + settings.SESSION_SANS_GESTE - maintenant, au_plus)
    request.session_reste = reste  # type: ignore[attr-defined] # lu par le gabarit et par la page « session »
    return int(reste)


def _est_un_geste(request: HttpRequest) -> bool:
    if request.headers.get(SANS_GESTE):
        return False
    return request.method == "POST" or nom_de_la_page(request) not in PAGES_SANS_GESTE


def nom_de_la_page(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def _changer_de_session_avec_les_roles(request: HttpRequest, utilisateur: Utilisateur) -> None:
    """Une session neuve quand un rôle a changé depuis la dernière demande (R8)."""
    roles, connus = roles_de_la_session(utilisateur), request.session.get(ROLES)
    if connus == roles:
        return
    request.session[ROLES] = roles
    if connus is not None:
        renouveler_la_session(request, request.session.cycle_key)


def renouveler_la_session(request: HttpRequest, renouveler: Callable[[], None]) -> None:
    """Un nouveau numéro, que la liste des sessions de la personne suit."""
    ancienne = request.session.session_key
    renouveler()
    UserSession.objects.filter(session_key=ancienne).delete()
    UserSession.objects.create_from_request(request)


def roles_de_la_session(utilisateur: Utilisateur) -> list[str]:
    return sorted(
        f"{tenue.role}:{tenue.structure_id}:{tenue.gestionnaire_id}:{tenue.institution_id}"
        for tenue in utilisateur.appartenances_du_jour
    )


def _fermer(request: HttpRequest, utilisateur: Utilisateur) -> HttpResponse | None:
    """Ferme la session ; ce qui était envoyé attend la personne, sous son nom, dans la session suivante."""
    envoi = _envoi(request, utilisateur) if request.method == "POST" else None
    retour = request.get_full_path() if request.method in {"GET", "HEAD"} else ""
    logout(request)
    if envoi:
        request.session[ENVOI] = envoi
        retour = reverse("reprendre_un_envoi")
    messages.warning(
        request,
        "Votre session s’est fermée après une longue pause."
        + (
            " Ce que vous écriviez est gardé : entrez, et vous le retrouverez."
            if envoi
            else " Entrez de nouveau."
        ),
    )
    suite = f"?{urlencode({'next': retour})}" if retour else ""
    return HttpResponseRedirect(reverse("account_login") + suite)


def _envoi(request: HttpRequest, utilisateur: Utilisateur) -> dict[str, Any] | None:
    """Les champs d'un formulaire, sauf les mots de passe, les codes et les fichiers."""
    champs = {
        nom: valeurs
        for nom, valeurs in request.POST.lists()
        if nom != "csrfmiddlewaretoken"
        and "password" not in nom
        and "mot_de_passe" not in nom
        and nom != "code"
    }
    if (
        not champs
        or sum(len(valeur) for valeurs in champs.values() for valeur in valeurs) > LONGUEUR_D_UN_ENVOI
    ):
        return None
    return {"utilisateur": utilisateur.pk, "chemin": request.get_full_path(), "champs": champs}


class SecondFacteurExige:
    """Qui doit avoir un second facteur n'ouvre rien d'autre que son compte avant de l'avoir relié (R4)."""

    def __init__(self, get_response: Reponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not doit_avoir_un_second_facteur(request.user) or is_mfa_enabled(request.user, ["totp"]):
            return None
        request.second_facteur_manque = True  # type: ignore[attr-defined] # lu par les gabarits du compte
        nom = nom_de_la_page(request)
        if nom in PAGES_DU_COMPTE or nom.startswith(("account_", "mfa_")):
            return None
        adresse = reverse("mfa_activate_totp")
        if request.method in {"GET", "HEAD"}:
            adresse += f"?{urlencode({'next': request.get_full_path()})}"
        return HttpResponseRedirect(adresse)


class EssaisComptes:
    """Trop d'essais, ou trop de hachages à la fois : 429, quand revenir, et par où passer en attendant."""

    def __init__(self, get_response: Reponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, TropDEssais):
            return _trop(request, exception.attente)
        if isinstance(exception, TropDeHachages):
            return _trop(request, 2)
        return None


def _trop(request: HttpRequest, attente: int) -> HttpResponse:
    reponse = render(
        request,
        "comptes/trop_d_essais.html",
        {"minutes": -(-attente // 60), "secondes": attente, "numero": numero_de_demande.get()},
        status=429,
    )
    reponse.headers["Retry-After"] = str(attente)
    return reponse
