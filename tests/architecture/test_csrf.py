"""Une autre page ne fait rien faire (F10, R67) : sans jeton, chaque envoi est refusé ; une lecture n'écrit rien.

La seconde moitié est tenue à chaque demande de chaque test par `tests/garde.py` : une lecture qui écrit échoue.
"""

import ast
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.architecture.canari import Monde
from tests.architecture.lecture import modules_importes, nom, programmes
from tests.architecture.parcours import EN_TROP
from tests.architecture.test_acces import table

METHODES = ("POST", "PUT", "PATCH", "DELETE")
AILLEURS = "https://mechant.exemple"
# Ce qui parle à d'autres machines : rien dans l'application (le courrier passe par Django).
CLIENTS_DU_RESEAU = (
    "socket",
    "http.client",
    "urllib.request",
    "requests",
    "httpx",
    "ftplib",
    "smtplib",
    "ssl",
)


@pytest.mark.plafond_de_requetes(200)
@pytest.mark.parametrize("personne", ("anonyme", "amina", "lea", "nadia"))
def test_un_envoi_venu_d_un_autre_site_est_refuse_partout(
    personne: str, monde: Monde, usuelles: dict[str, dict[str, Any]]
) -> None:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    if compte := monde.distribution.personne(personne):
        client.force_login(compte, backend="allauth.account.auth_backends.AuthenticationBackend")
    acceptes = []
    for adresse in table():
        for methode in METHODES:
            chemin = reverse(adresse, kwargs=usuelles.get(adresse, {}))
            code = client.generic(
                methode,
                chemin,
                "&".join(f"{cle}=1" for cle in EN_TROP),
                content_type="application/x-www-form-urlencoded",
                headers={"Origin": AILLEURS, "Referer": f"{AILLEURS}/piege"},
            ).status_code
            if code not in {403, 404, 405} and adresse not in SANS_JETON:
                acceptes.append(f"{methode} {chemin} → {code}")
    assert acceptes == []


SANS_JETON = {
    "alerte_arreter": "le bouton de la messagerie (RFC 8058) n'a pas de témoin ; le jeton est dans l'adresse"
}


def test_l_application_ne_va_chercher_aucune_adresse() -> None:
    """Rien à détourner vers l'intérieur du réseau (F13) : aucun client du réseau n'est importé."""
    fautes = [
        f"{nom(fichier)}:{ligne} {module}"
        for fichier in programmes()
        for ligne, module in modules_importes(fichier)
        if module.startswith(CLIENTS_DU_RESEAU) and not module.startswith("socket.gethostname")
    ]
    assert fautes == []


def test_aucune_vue_n_est_dispensee_de_jeton() -> None:
    fautes = [
        nom(fichier)
        for fichier in programmes()
        for noeud in ast.walk(ast.parse(fichier.read_text(encoding="utf-8")))
        if isinstance(noeud, ast.Name | ast.alias)
        and (getattr(noeud, "id", "") or getattr(noeud, "name", "")) == "csrf_exempt"
    ]
    assert sorted(set(fautes)) == DISPENSEES


DISPENSEES = ["maillage/catalogue/views/alertes.py"]
