"""L'index du catalogue dans ce processus, et le dictionnaire des synonymes tel que la base le dit."""

import time
from functools import cache
from itertools import chain
from pathlib import Path
from threading import Lock
from typing import Any, Final

from django.conf import settings
from django.db.models import Count, Max

from maillage.catalogue.models import Synonyme
from maillage.catalogue.recherche.documents import SCHEMA, TAILLE_DE_LOT, Noms, documents, ids_publies
from maillage.core.ouvriers import par_lots
from maillage.core.recherche.moteur import IndexTantivy
from maillage.core.recherche.redaction import DocumentAnalyse, Redacteur
from maillage.core.recherche.synonymes import Dictionnaire, Groupe

RELIRE_S: Final = 1.0
BEAUCOUP: Final = 20_000
"""Fiches à partir desquelles plusieurs processus analysent : au-dessous, les lancer coûterait plus."""


class _Synonymes:
    """Le dictionnaire, relu quand la table change, au plus une fois par seconde."""

    def __init__(self) -> None:
        self._verrou = Lock()
        self._signature: Any = None
        self._dictionnaire = Dictionnaire()
        self._lu_a = float("-inf")

    def __call__(self) -> Dictionnaire:
        with self._verrou:
            if time.monotonic() - self._lu_a >= RELIRE_S:
                self._relire()
                self._lu_a = time.monotonic()
            return self._dictionnaire

    def _relire(self) -> None:
        signature = Synonyme.objects.aggregate(
            nombre=Count("pk"), dernier=Max("pk"), modifie_le=Max("modifie_le")
        )
        if signature != self._signature:
            self._dictionnaire = Dictionnaire(groupes())
            self._signature = signature


def groupes(sans: int | None = None) -> list[Groupe]:
    """Les groupes de la base, sauf celui de numéro `sans`."""
    gardes = Synonyme.objects.exclude(pk=sans) if sans else Synonyme.objects.all()
    lignes = gardes.order_by("pk").values_list("termes", "est_oriente")
    return [Groupe(tuple(termes.splitlines()), est_oriente) for termes, est_oriente in lignes]


dictionnaire = _Synonymes()


def index() -> IndexTantivy:
    """L'index de l'installation. Il ne s'ouvre qu'à la première lecture."""
    return _index(Path(settings.DOSSIER_INDEX))


@cache
def _index(dossier: Path) -> IndexTantivy:
    return IndexTantivy(dossier, SCHEMA, dictionnaire)


def reconstruire() -> int:
    """Refait tout depuis la base ; le site répond pendant ce temps avec l'ancien. Lève `IndexOccupe`."""
    ids = ids_publies()
    if len(ids) < BEAUCOUP:
        return index().reconstruire(documents(ids))
    # Lire et analyser coûte plus que remplir l'index : d'autres processus s'en chargent.
    lots = [ids[debut : debut + TAILLE_DE_LOT] for debut in range(0, len(ids), TAILLE_DE_LOT)]
    analyses = par_lots(f"{__name__}.{analyser_lot.__name__}", lots)
    return index().reconstruire_analyses(chain.from_iterable(analyses))


def analyser_lot(ids: list[int]) -> list[DocumentAnalyse]:
    redacteur, noms = _outils_de_l_ouvrier()
    return [redacteur.analyser(document) for document in documents(ids, noms)]


@cache
def _outils_de_l_ouvrier() -> tuple[Redacteur, Noms]:
    """Les mêmes d'un lot à l'autre : l'un sait quels mots ont assez de témoins, l'autre où est chaque centre."""
    return Redacteur(SCHEMA), Noms()
