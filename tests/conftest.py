"""Un environnement sévère : ce qui passerait inaperçu ailleurs est ici un échec.

- variable de gabarit inconnue, avertissement, liste paginée sans ordre : voir `pyproject.toml` ;
- erreur journalisée : `aucune_erreur_journalisee` ;
- lecture qui écrit, page trop bavarde : `tests/garde.py` ;
- adresse hors de la machine : `aucun_tiers`.
"""

import ipaddress
import logging
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache

from tests.garde import Garde


class _Collecteur(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lignes: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lignes.append(record)


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
def memoire_vide() -> Iterator[None]:
    """Le cache, qui porte les limites de débit, ne passe pas d'un test à l'autre."""
    cache.clear()
    yield


@pytest.fixture(autouse=True)
def plafond_de_requetes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    marque = request.node.get_closest_marker("plafond_de_requetes")
    if marque:
        monkeypatch.setattr(Garde, "plafond", marque.args[0])
