"""Les témoins d'une porte : les gestes qu'elle arrête fermée, et laisse faire ouverte seule (R18, F2)."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.architecture.portes import DOUBLEES, Porte, portes
from tests.distribution import Distribution

Ouvrir = Callable[[str], Client]
Temoin = Callable[[Ouvrir, Distribution], bool]
"""Vrai quand la personne a fait ce que la porte défend."""


class Temoins:
    """Ceux de quelques pièces. Une porte peut en avoir plusieurs : chacun est joué."""

    def __init__(self, *pieces: str) -> None:
        self.pieces = pieces
        self.gestes: dict[str, list[Temoin]] = {}

    def de(self, porte: str) -> Callable[[Temoin], Temoin]:
        def inscrire(geste: Temoin) -> Temoin:
            self.gestes.setdefault(porte, []).append(geste)
            return geste

        return inscrire

    def portes(self) -> dict[str, Porte]:
        """Celles qui doivent en avoir un : toutes celles de ces pièces, sauf les doublées."""
        siennes = {str(porte): porte for porte in portes() if porte.piece in self.pieces}
        return {lieu: porte for lieu, porte in siennes.items() if lieu not in DOUBLEES}

    def cas(self) -> list[object]:
        """Un cas d'essai par geste, au nom de ce que fait la personne."""
        return [
            pytest.param(porte, geste, id=f"{lieu}-{geste.__name__}")
            for lieu, porte in self.portes().items()
            for geste in self.gestes.get(lieu, [])
        ]


def ferme_puis_ouvre(
    porte: Porte, geste: Temoin, ouvrir: Ouvrir, troupe: Distribution, monkeypatch: pytest.MonkeyPatch
) -> None:
    """La preuve : la porte arrête ce geste, et elle seule."""
    assert not geste(ouvrir, troupe)
    porte.ouvrir(monkeypatch)
    assert geste(ouvrir, troupe)


def lit(client: Client, adresse: str, *arguments: object) -> bool:
    return client.get(reverse(adresse, args=arguments)).status_code == 200


def montre(client: Client, mots: str, adresse: str, *arguments: object, **demande: str) -> bool:
    return mots in client.get(reverse(adresse, args=arguments), demande).content.decode()
