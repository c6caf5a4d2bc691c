"""Limites de débit : un seau à jetons par personne anonyme, sans garder d'adresse.

Le seau se remplit d'un jeton toutes les `60 / par_minute` secondes et en contient `rafale` au plus. On ne
garde, en cache, qu'un instant par seau (celui où il sera de nouveau plein), sous une empreinte de l'adresse
qui change chaque jour. Avec le cache en mémoire, la limite vaut par processus : elle protège la machine.
"""

import hashlib
import hmac
import ipaddress
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from maillage.core.demande import numero_de_demande
from maillage.core.francais import compte

Vue = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Debit:
    """`par_minute` demandes en moyenne, `rafale` d'un coup."""

    nom: str
    par_minute: float
    rafale: int

    def prendre(self, cle: str) -> int:
        """Prend un jeton : 0 s'il y en avait un, sinon les secondes à attendre avant le prochain."""
        pas = 60 / self.par_minute
        maintenant = time.time()
        nom = f"debit:{self.nom}:{cle}"
        plein_a = max(cache.get(nom, 0.0), maintenant)
        attente = plein_a + pas - maintenant - pas * self.rafale
        if attente > 1e-6:
            return math.ceil(attente)
        cache.set(nom, plein_a + pas, timeout=math.ceil(pas * self.rafale) + 1)
        return 0


def adresse_du_client(request: HttpRequest) -> str:
    """Adresse vue par le premier mandataire de confiance (`MAILLAGE_MANDATAIRES`).

    Ce qu'un client écrit lui-même dans `X-Forwarded-For` est à gauche des mandataires : on ne le lit jamais.
    """
    directe = str(request.META.get("REMOTE_ADDR", ""))
    confiance = settings.MANDATAIRES_DE_CONFIANCE
    relais = [a.strip() for a in str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",") if a.strip()]
    if not confiance or len(relais) < confiance:
        return directe
    return relais[-confiance]


def cle_anonyme(request: HttpRequest) -> str:
    """Empreinte de l'adresse, différente chaque jour. En IPv6, un foyer a un réseau /64 : un seul."""
    adresse = adresse_du_client(request)
    try:
        lue = ipaddress.ip_address(adresse)
        if lue.version == 6:
            adresse = str(ipaddress.ip_network((lue, 64), strict=False))
    except ValueError:
        pass  # prise locale, ou mandataire bavard : l'écriture telle quelle fait une clé comme une autre
    sel = f"{timezone.localdate().isoformat()}:{settings.SECRET_KEY}"
    return hmac.new(sel.encode(), adresse.encode(), hashlib.sha256).hexdigest()[:32]


def limiter(debit: Debit) -> Callable[[Vue], Vue]:
    """Décore une vue : au-delà du débit, réponse 429 avec `Retry-After`, en JSON à qui demande du JSON."""

    def decorer(vue: Vue) -> Vue:
        @wraps(vue)
        def limitee(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if attente := debit.prendre(cle_anonyme(request)):
                return trop_de_demandes(request, attente)
            return vue(request, *args, **kwargs)

        return limitee

    return decorer


def attente_en_mots(secondes: int) -> str:
    """« 12 secondes », « 6 minutes »."""
    return compte(secondes, "seconde") if secondes < 60 else compte(math.ceil(secondes / 60), "minute")


def trop_de_demandes(request: HttpRequest, attente: int) -> HttpResponse:
    reponse: HttpResponse
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        reponse = JsonResponse(
            {"detail": f"Trop de demandes. Recommencez dans {attente} s."},
            status=429,
            json_dumps_params={"ensure_ascii": False},
        )
    else:
        contexte = {"numero": numero_de_demande.get(), "attente": attente_en_mots(attente)}
        reponse = render(request, "core/429.html", contexte, status=429)
    reponse.headers["Retry-After"] = str(attente)
    return reponse
