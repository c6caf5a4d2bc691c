"""Tenir l'index à jour : lire les changements, refaire les fiches touchées, retirer les autres."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from django.db.models import Q

from maillage.catalogue.models import Experience, Terme
from maillage.catalogue.recherche.documents import documents
from maillage.catalogue.recherche.installation import index, reconstruire
from maillage.core import suivi
from maillage.core.journal import type_objet
from maillage.core.models import Changement
from maillage.core.recherche.index import IndexIndisponible, IndexOccupe
from maillage.territoire.models import Partenaire, Structure

ATTENTE_S: Final = 120.0

_TOUCHEES: Final[dict[str, Callable[[set[int]], Q]]] = {
    type_objet(Experience): lambda ids: Q(pk__in=ids),
    type_objet(Structure): lambda ids: Q(structure__in=ids),
    type_objet(Partenaire): lambda ids: Q(partenaires__in=ids),
    type_objet(Terme): lambda ids: Q(termes__in=ids),
}
"""Ce qui change dans une fiche quand un objet change : le nom d'une structure s'y cherche aussi."""


class ConsommateurRecherche:
    nom = "recherche"

    def __init__(self) -> None:
        self._refait_jusqu_a = 0

    def preparer(self) -> None:
        """Construit l'index absent ou d'une autre version. Lève `Occupe`."""
        if not index().est_pret():
            dernier = suivi.derniere_position()
            with _occupation():
                reconstruire()
            self._refait_jusqu_a = dernier

    def traiter(self, changements: Sequence[Changement]) -> None:
        self.preparer()
        if changements[-1].pk <= self._refait_jusqu_a:
            return
        touchees = _experiences_touchees(changements)
        if not touchees:
            return
        with _occupation(), index().ecrire() as ecrivain:
            ecrivain.retirer(touchees)
            ecrivain.indexer(documents(sorted(touchees)))


@contextmanager
def _occupation() -> Iterator[None]:
    try:
        yield
    except IndexOccupe as occupation:
        raise suivi.Occupe(str(occupation)) from occupation


def _experiences_touchees(changements: Iterable[Changement]) -> set[int]:
    """Fiches à refaire, y compris celles qui n'existent plus."""
    par_type: dict[str, set[int]] = {}
    for changement in changements:
        par_type.setdefault(changement.objet_type, set()).add(changement.objet_id)
    touchees = set(par_type.get(type_objet(Experience), ()))
    for objet_type, touche in _TOUCHEES.items():
        if ids := par_type.get(objet_type):
            touchees.update(Experience.objects.filter(touche(ids)).values_list("pk", flat=True))
    return touchees


def rattraper_index() -> None:
    """Rend la main quand tout ce qui est validé se cherche : par soi-même, ou en attendant qui tient l'index.

    Lève `IndexIndisponible` si l'autre processus n'a pas fini à temps.
    """
    consommateur = ConsommateurRecherche()
    voulu, limite = suivi.derniere_position(), time.monotonic() + ATTENTE_S
    while True:
        try:
            consommateur.preparer()
            suivi.rattraper(consommateur)
            return
        except suivi.Occupe:
            if index().est_pret() and suivi.position(consommateur) >= voulu:
                return
        if time.monotonic() > limite:
            raise IndexIndisponible(
                "Un autre processus met l'index à jour et n'a pas fini. Réessayez dans un moment."
            )
        time.sleep(0.2)
