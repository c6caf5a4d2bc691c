"""Gardes des tests : ce que toute page doit respecter, vérifié à chaque demande de chaque test."""

import re
import tomllib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.db import connections
from django.http import HttpRequest, HttpResponse

from maillage.comptes.hachage import Argon2Mesure
from maillage.evaluation.consommateur import ConsommateurCalcul

# Une lecture ne change rien, sauf : la session, l'audience, qui a ouvert une fiche nominative, et la marque « codes de
# secours vus » (allauth).
TABLES_QU_UNE_LECTURE_ECRIT = {
    "django_session",
    "usersessions_usersession",
    "core_audience",
    "personnes_consultation",
    "mfa_authenticator",
    "projets_valeurcalculee",
    "evaluation_fichecalculee",
}
PLAFOND_DE_REQUETES = 40
PLAFOND_D_UN_RATTRAPAGE = 60
"""Ce que le suivi fait d'ordinaire avant que la page s'ouvre : compté à part, et par fiche, jamais par ligne."""
ECRITURE = re.compile(
    r'\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM|REPLACE\s+INTO)\s+["`]?(\w+)', re.IGNORECASE
)


@cache
def plafonds_ecrits() -> dict[str, int]:
    """Les rares adresses à qui la table d'accès en donne plus (`requetes`), et pourquoi."""
    table = tomllib.loads((Path(__file__).parent / "architecture" / "acces.toml").read_text(encoding="utf-8"))
    return {nom: ligne["requetes"] for nom, ligne in table.items() if "requetes" in ligne}


class LectureQuiEcrit(AssertionError):
    """Une demande GET ou HEAD a écrit dans la base."""


class TropDeRequetes(AssertionError):
    """Une page pose tant de questions à la base qu'elle en pose sans doute une par ligne."""


class Garde:
    """Premier intergiciel : aucune écriture pendant une lecture, et un plafond de requêtes par page."""

    plafond = PLAFOND_DE_REQUETES

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        compte: list[str] = []
        du_suivi: list[str] = []

        def surveiller(execute: Callable[..., Any], sql: str, *reste: Any) -> Any:
            (du_suivi if _rattrape.get() else compte).append(sql)
            ecriture = ECRITURE.match(sql)
            if ecriture and ecriture[1] not in TABLES_QU_UNE_LECTURE_ECRIT:
                raise LectureQuiEcrit(
                    f"{request.method} {request.path} écrit dans {ecriture[1]} : {sql[:200]}"
                )
            return execute(sql, *reste)

        with _surveiller_les_bases(surveiller):
            reponse = self.get_response(request)
        nom = request.resolver_match.view_name if request.resolver_match else ""
        plafond = max(self.plafond, plafonds_ecrits().get(nom, 0))
        if len(compte) > plafond or len(du_suivi) > PLAFOND_D_UN_RATTRAPAGE:
            raise TropDeRequetes(
                f"{request.path} : {len(compte)} requêtes, {len(du_suivi)} du suivi\n"
                + "\n".join(s[:160] for s in (*compte, *du_suivi))
            )
        return reponse


_rattrape: ContextVar[bool] = ContextVar("rattrape", default=False)
_avant_de_montrer = ConsommateurCalcul.avant_de_montrer


def _compter_a_part(self: ConsommateurCalcul, *arguments: Any) -> None:
    jeton = _rattrape.set(True)
    try:
        _avant_de_montrer(self, *arguments)
    finally:
        _rattrape.reset(jeton)


ConsommateurCalcul.avant_de_montrer = _compter_a_part  # type: ignore[method-assign]


@contextmanager
def _surveiller_les_bases(surveiller: Callable[..., Any]) -> Iterator[None]:
    with ExitStack() as pile:
        for connexion in connections.all():
            pile.enter_context(connexion.execute_wrapper(surveiller))
        yield


class StatiquesPresents(StaticFilesStorage):
    """Comme en service, un fichier statique absent est une panne ; le nom, lui, reste lisible."""

    def url(self, name: str | None) -> str:
        if name and finders.find(name) is None:
            raise ValueError(f"Fichier statique absent de statiques/ : {name} (bin/test le construit)")
        return super().url(name)


class Argon2Rapide(Argon2Mesure):
    """Le même algorithme au coût minimal : les tests créent beaucoup de comptes."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
