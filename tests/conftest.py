"""Un environnement sévère : ce qui passerait inaperçu ailleurs est ici un échec.

- variable de gabarit inconnue, avertissement, liste paginée sans ordre : voir `pyproject.toml` ;
- erreur journalisée : `aucune_erreur_journalisee` ;
- lecture qui écrit, page trop bavarde : `tests/garde.py` ;
- adresse hors de la machine : `aucun_tiers`.
"""

import ipaddress
import logging
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.account.auth_backends import AuthenticationBackend
from django.core.cache import cache
from django.core.management.commands import flush
from django.db import connection
from django.test import Client
from pytest_django import DjangoDbBlocker

from maillage.catalogue.recherche import page as page_de_recherche
from maillage.catalogue.recherche import reconstruire
from maillage.core import audience
from tests import base_d_essai
from tests.distribution import DES_CENTRES, Distribution, distribuer, equiper, tenir_la_session
from tests.garde import Garde


class _Collecteur(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lignes: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lignes.append(record)


AVEC_LA_BASE = {
    "db",
    "transactional_db",
    "django_db_reset_sequences",
    "django_db_serialized_rollback",
    "live_server",
}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Sur PostgreSQL, seulement ce qui touche la base : le reste vient d'être joué sur SQLite, à l'identique."""
    if connection.vendor != "postgresql":
        return
    sans_base = [item for item in items if not _touche_la_base(item)]
    config.hook.pytest_deselected(items=sans_base)
    items[:] = [item for item in items if _touche_la_base(item)]


def _touche_la_base(item: pytest.Item) -> bool:
    return (
        bool(item.get_closest_marker("django_db") or AVEC_LA_BASE & set(getattr(item, "fixturenames", ())))
        or "outils" in item.path.parts
    )


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    with django_db_blocker.unblock():
        base_d_essai.poser()


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Django garde la base que nous venons de poser, et y vérifie que rien ne manque."""
    return True


@pytest.fixture(scope="session", autouse=True)
def sans_permissions_a_recreer() -> Iterator[None]:
    """Après un test à transactions, Django recrée les permissions de chaque modèle ; Maillage n'en a pas l'usage
    (`Utilisateur`), et c'est la moitié du ménage."""
    with pytest.MonkeyPatch.context() as rustine:
        rustine.setattr(flush, "emit_post_migrate_signal", lambda *_: None)
        yield


@pytest.fixture(autouse=True)
def aucune_erreur_journalisee(request: pytest.FixtureRequest) -> Iterator[None]:
    """Une erreur écrite au journal est une panne que personne n'a vue. Marque : `erreur_journalisee`."""
    collecteur = _Collecteur()
    logging.getLogger().addHandler(collecteur)
    yield
    logging.getLogger().removeHandler(collecteur)
    if collecteur.lignes and not request.node.get_closest_marker("erreur_journalisee"):
        pytest.fail("Erreur journalisée : " + "\n".join(ligne.getMessage() for ligne in collecteur.lignes))


@pytest.fixture(autouse=True)
def aucun_tiers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rien ne sort de la machine."""
    connecter = socket.socket.connect

    def connecter_ici(prise: socket.socket, adresse: Any) -> None:
        if prise.family != socket.AF_UNIX:
            hote = adresse[0]
            if hote != "localhost" and not ipaddress.ip_address(hote).is_loopback:
                raise AssertionError(f"Adresse hors de la machine : {hote}")
        connecter(prise, adresse)

    monkeypatch.setattr(socket.socket, "connect", connecter_ici)


@pytest.fixture(autouse=True)
def memoire_vide(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Ni le cache, qui porte les limites de débit, ni l'heure du versement de l'audience ne passent d'un test
    à l'autre : un versement tomberait au hasard dans le compte des requêtes d'une page."""
    cache.clear()
    monkeypatch.setattr(audience, "_dernier_versement", time.monotonic())
    yield


@pytest.fixture(autouse=True)
def plafond_de_requetes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    marque = request.node.get_closest_marker("plafond_de_requetes")
    if marque:
        monkeypatch.setattr(Garde, "plafond", marque.args[0])


@pytest.fixture
def indexer(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Un index à soi : `indexer()` après avoir créé les fiches ; sans cet appel, l'index manque."""
    settings.DOSSIER_INDEX = tmp_path / "index"
    monkeypatch.setattr(page_de_recherche, "_libelles", page_de_recherche._Libelles())  # gardés une minute
    return reconstruire


@pytest.fixture
def distribution(db: None) -> Distribution:
    """Amina, Bruno, Inès, Farid, Chloé, Denis, Léa, Omar et Nadia, avec leurs organisations."""
    return distribuer()


@pytest.fixture
def client_de(distribution: Distribution) -> Callable[[str], Client]:
    """`client_de("amina").get(…)` ; `client_de("anonyme")` n'a pas de compte.

    La session est déjà tenue, comme après une première page : rien ne s'y écrit à la demande suivante. Qui travaille
    dans un centre a relié son téléphone.
    """

    def ouvrir(prenom: str) -> Client:
        client = Client()
        if personne := distribution.personne(prenom):
            if prenom in DES_CENTRES:
                equiper(personne)
            moteur = f"{AuthenticationBackend.__module__}.{AuthenticationBackend.__name__}"
            client.force_login(personne, backend=moteur)
            tenir_la_session(client, personne)
        return client

    return ouvrir
