"""Les sessions ouvertes, dites en mots que leur propriétaire reconnaît."""

import pytest
from django.test import Client
from django.urls import reverse

from maillage.comptes.templatetags.appareils import appareil
from tests.distribution import distribuer
from tests.fabriques import MOT_DE_PASSE

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "mots"),
    [
        (f"{WINDOWS} {WEBKIT} Edg/126.0", "Edge sur Windows"),
        (f"{WINDOWS} {WEBKIT}", "Chrome sur Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox sur Linux"),
        (f"Mozilla/5.0 (Linux; Android 14) {WEBKIT}", "Chrome sur Android"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605 Version/17.5 Safari/604.1",
            "Safari sur un iPhone",
        ),
        ("curl/8.0", "Un autre navigateur"),
    ],
)
def test_un_navigateur_est_nomme(agent: str, mots: str) -> None:
    assert appareil(agent) == mots


@pytest.mark.django_db
def test_la_session_ouverte_est_reconnue_et_seule() -> None:
    client = Client(headers={"user-agent": f"{WINDOWS} {WEBKIT}"})
    client.post(reverse("account_login"), {"login": distribuer().amina.email, "password": MOT_DE_PASSE})
    page = client.get(reverse("usersessions_list")).content.decode()
    assert "Chrome sur Windows" in page
    assert "Aucune autre session" in page
