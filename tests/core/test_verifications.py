"""La production refuse de démarrer quand un réglage est dangereux."""

import pytest
from django.core.checks import CheckMessage
from django.test import override_settings

from maillage.core import verifications

SURE = {
    "EN_PRODUCTION": True,
    "SECRET_KEY": "kz8-" + "abcdefghij" * 6,
    "ALLOWED_HOSTS": ["maillage.example"],
    "MAILLAGE_URL": "https://maillage.example",
    "DEBUG": False,
}


def numeros(fautes: list[CheckMessage]) -> list[str | None]:
    return [faute.id for faute in fautes]


@pytest.mark.parametrize(
    ("reglage", "valeur", "faute"),
    [
        ("SECRET_KEY", "trop-court", "maillage.E001"),
        ("SECRET_KEY", "a" * 60, "maillage.E001"),
        ("ALLOWED_HOSTS", ["*"], "maillage.E002"),
        ("ALLOWED_HOSTS", [], "maillage.E002"),
        ("MAILLAGE_URL", "http://maillage.example", "maillage.E003"),
        ("DEBUG", True, "maillage.E004"),
    ],
)
def test_un_reglage_dangereux_est_nomme(reglage: str, valeur: object, faute: str) -> None:
    with override_settings(**SURE | {reglage: valeur}):
        assert numeros(verifications.production_sure()) == [faute]


def test_une_production_sure_ne_dit_rien() -> None:
    with override_settings(**SURE):
        assert verifications.production_sure() == []


@pytest.mark.django_db
def test_la_base_des_essais_est_durable() -> None:
    assert verifications.base_durable() == []


@pytest.mark.django_db
def test_une_base_qui_peut_perdre_une_ecriture_est_refusee(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        verifications, "reglages_de_surete", lambda: {"journal_mode": "delete", "fsync": "off"}
    )
    assert "maillage.E010" in numeros(verifications.base_durable())
