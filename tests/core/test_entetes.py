"""Les en-têtes de prudence, sur toute réponse."""

import pytest
from django.test import Client


@pytest.mark.parametrize("adresse", ["/healthz", "/adresse-inconnue"])
@pytest.mark.django_db
def test_chaque_reponse_porte_les_entetes(client: Client, adresse: str) -> None:
    entetes = client.get(adresse).headers
    politique = entetes["Content-Security-Policy"]
    assert "default-src 'none'" in politique
    assert "unsafe" not in politique
    assert "frame-ancestors 'none'" in politique
    assert entetes["X-Content-Type-Options"] == "nosniff"
    assert entetes["Cross-Origin-Opener-Policy"] == "same-origin"
    assert entetes["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in entetes["Permissions-Policy"]
    assert entetes["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert len(entetes["X-Demande"]) == 12
    assert "Set-Cookie" not in entetes
