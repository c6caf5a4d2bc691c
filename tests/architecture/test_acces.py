"""La table d'accès : chaque adresse, chaque personne, la réponse attendue (`acces.toml`).

Une adresse absente de la table fait échouer le test : ouvrir une page est une décision, et elle s'écrit.
"""

import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from maillage.comptes.models import Utilisateur
from tests.architecture.lecture import PAQUET
from tests.architecture.objets import adresses_d_essai
from tests.distribution import Distribution

PERSONNES = ("anonyme", "omar", "bruno", "ines", "amina", "chloe", "denis", "lea", "nadia")
COMME = {"ines": "bruno"}
"""Inès tient l'accueil du centre où Bruno anime : une ligne qui ne la nomme pas la reçoit comme lui."""
TABLE = Path(__file__).with_name("acces.toml")
PUBLIQUES = PAQUET / "urls_publiques.txt"


@cache
def table() -> dict[str, dict[str, Any]]:
    """Par nom d'adresse : `{"tous": 200}`, ou un code par personne et `autres` pour le reste."""
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


def adresses() -> Iterator[tuple[str, str, Callable[..., Any]]]:
    """(nom, route, vue) de chaque adresse du projet."""

    def parcourir(
        branche: URLResolver, prefixe: str, espace: str
    ) -> Iterator[tuple[str, str, Callable[..., Any]]]:
        for motif in branche.url_patterns:
            route = prefixe + str(motif.pattern)
            if isinstance(motif, URLResolver):
                nom = f"{espace}{motif.namespace}:" if motif.namespace else espace
                yield from parcourir(motif, route, nom)
            elif isinstance(motif, URLPattern):
                yield f"{espace}{motif.name or route}", route, motif.callback

    yield from parcourir(get_resolver(), "", "")


def attendu(nom: str, personne: str) -> int:
    ligne = table()[nom]
    if personne not in ligne:
        personne = COMME.get(personne, personne)
    return int(ligne.get("tous") or ligne.get(personne) or ligne["autres"])


def test_chaque_adresse_a_sa_ligne_et_chaque_ligne_son_adresse() -> None:
    existantes, ecrites = {nom for nom, _, _ in adresses()}, set(table())
    assert sorted(existantes - ecrites) == [], "adresses sans ligne dans acces.toml"
    assert sorted(ecrites - existantes) == [], "lignes sans adresse"


def test_les_adresses_ouvertes_sans_compte_sont_celles_de_la_liste() -> None:
    """Tout est fermé par défaut ; `urls_publiques.txt` est la liste complète des exceptions."""
    ouvertes = sorted({nom for nom, _, vue in adresses() if not getattr(vue, "login_required", True)})
    assert ouvertes == PUBLIQUES.read_text(encoding="utf-8").split()


@pytest.mark.parametrize("personne", PERSONNES)
def test_chaque_personne_recoit_ce_que_la_table_dit(
    personne: str,
    client_de: Callable[[str], Client],
    distribution: Distribution,
) -> None:
    """Une page d'autrui répond 404, comme une page qui n'existe pas ; sans compte, on va à la connexion."""
    parametres = adresses_d_essai(distribution)
    recus, voulus = {}, {}
    client = client_de(personne)
    client.raise_request_exception = False
    entree = client.cookies.copy()
    for nom, ligne in table().items():
        client.cookies, point = entree.copy(), transaction.savepoint()
        adresse = reverse(nom, kwargs=parametres.get(nom, {})) + ligne.get("suite", "")
        voulus[nom] = attendu(nom, personne)
        recus[nom] = client.generic(ligne.get("methode", "GET"), adresse).status_code
        transaction.savepoint_rollback(point)
    assert recus == voulus


@pytest.mark.parametrize("personne", PERSONNES[1:])
def test_chaque_personne_a_bien_un_compte_ouvert(personne: str, distribution: Distribution) -> None:
    compte = distribution.personne(personne)
    assert isinstance(compte, Utilisateur) and compte.is_active
