"""`/healthz` et `/readyz` : vivant n'est pas prêt."""

import errno
from unittest.mock import patch

import pytest
from django.db import DatabaseError, OperationalError
from django.test import Client

from maillage.core import views


def test_le_processus_repond_sans_toucher_a_la_base(client: Client) -> None:
    reponse = client.get("/healthz")
    assert (reponse.status_code, reponse.content) == (200, b"ok")


@pytest.mark.erreur_journalisee
def test_une_base_injoignable_rend_503(client: Client) -> None:
    with patch.object(views, "MigrationExecutor", side_effect=DatabaseError):
        reponse = client.get("/readyz")
    assert reponse.status_code == 503
    assert reponse.json()["base"] == "injoignable"


@pytest.mark.django_db
@pytest.mark.erreur_journalisee
def test_des_migrations_en_attente_rendent_503(client: Client) -> None:
    with patch.object(views.MigrationExecutor, "migration_plan", return_value=["0002"]):
        reponse = client.get("/readyz")
    assert reponse.status_code == 503
    assert reponse.json()["migrations"] == "à appliquer"


@pytest.mark.django_db
@pytest.mark.erreur_journalisee
def test_un_disque_presque_plein_rend_503(client: Client) -> None:
    with patch.object(views.shutil, "disk_usage") as usage:
        usage.return_value.free = 10
        reponse = client.get("/readyz")
    assert reponse.status_code == 503
    assert reponse.json()["disque"] == "presque plein"


@pytest.mark.django_db
def test_pret_dit_la_version_et_ne_dit_rien_de_personne(client: Client) -> None:
    reponse = client.get("/readyz")
    assert reponse.status_code == 200
    assert set(reponse.json()) == {"version", "base", "migrations", "suivi", "en_attente", "disque"}


@pytest.mark.erreur_journalisee
@pytest.mark.parametrize(
    ("panne", "statut", "mots"),
    [
        (OperationalError("database or disk is full"), 503, "disque du service est plein"),
        (OSError(errno.ENOSPC, "No space left on device"), 503, "disque du service est plein"),
        (OperationalError("could not connect to server"), 503, "indisponible quelques minutes"),
        (ValueError("une faute du programme"), 500, "Une panne nous empêche"),
    ],
)
def test_une_base_absente_ou_sans_place_se_dit_sans_jargon(panne: Exception, statut: int, mots: str) -> None:
    client = Client(raise_request_exception=False)
    with (
        patch.object(views, "MigrationExecutor", side_effect=panne),
        patch.object(views, "DatabaseError", KeyError),
    ):
        reponse = client.get("/readyz")
    assert reponse.status_code == statut
    assert mots in reponse.content.decode()
    assert reponse.headers.get("Retry-After") == ("60" if statut == 503 else None)
