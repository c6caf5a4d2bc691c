"""La production refuse de démarrer quand un réglage est dangereux."""

import pytest
from django.core.checks import CheckMessage
from django.db import connection
from django.test import override_settings

from maillage.core import verifications

SURE = {
    "EN_PRODUCTION": True,
    "SECRET_KEY": "kz8-" + "abcdefghij" * 6,
    "ALLOWED_HOSTS": ["maillage.example"],
    "MAILLAGE_URL": "https://maillage.example",
    "DEBUG": False,
}

# Par base, chaque réglage et une valeur qui expose à perdre une écriture ou à attendre sans fin.
RISQUES: dict[str, dict[str, object]] = {
    "sqlite": {
        "journal_mode": "delete",
        "synchronous": 1,
        "foreign_keys": 0,
        "busy_timeout": 0,
        "transaction_mode": "DEFERRED",
    },
    "postgresql": {
        "fsync": "off",
        "full_page_writes": "off",
        "synchronous_commit": "off",
        "statement_timeout": "0",
        "lock_timeout": "0",
        "idle_in_transaction_session_timeout": "0",
    },
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
@pytest.mark.parametrize("reglage", sorted(RISQUES[connection.vendor]))
def test_chaque_reglage_qui_peut_perdre_une_ecriture_est_refuse(
    reglage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Un seul à la fois : chacun est donc bien lu dans la base, et bien exigé."""
    vrais = verifications.reglages_de_surete()
    change = vrais | {reglage: RISQUES[connection.vendor][reglage]}
    absent = {nom: valeur for nom, valeur in vrais.items() if nom != reglage}
    for lus in (change, absent):
        monkeypatch.setattr(verifications, "reglages_de_surete", lambda lus=lus: lus)
        fautes = verifications.base_durable()
        assert numeros(fautes) == ["maillage.E010"] and reglage in fautes[0].msg
