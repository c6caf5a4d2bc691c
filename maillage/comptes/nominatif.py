"""Là où se lisent des noms d'habitants : un second facteur relié, et un geste nommé depuis moins de trente minutes.

Le comptoir sans nom reste ouvert douze heures sur un poste d'accueil ; ces pages se referment.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

NOMINATIF_VU = "nominatif_vu"
"""Instant du dernier geste sur une page qui nomme, dans la session."""

Vue = Callable[..., HttpResponseBase]


def nominative(vue: Vue) -> Vue:
    """Marque une page qui nomme des habitants. Sans second facteur : le relier d'abord ; après une pause : le code."""

    @wraps(vue)
    def gardee(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_mfa_enabled(request.user, ["totp"]):
            return HttpResponseRedirect(
                f"{reverse('mfa_activate_totp')}?{urlencode({'next': request.get_full_path()})}"
            )
        maintenant = int(time.time())
        vu = request.session.get(NOMINATIF_VU, 0)
        if maintenant - vu > settings.SESSION_SANS_GESTE:
            raise_if_reauthentication_required(request, app="maillage.comptes")
        if maintenant - vu >= 60:  # une écriture de session par minute au plus
            request.session[NOMINATIF_VU] = maintenant
        return vue(request, *args, **kwargs)

    gardee.est_nominative = True  # type: ignore[attr-defined]
    return gardee
