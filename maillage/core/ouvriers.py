"""Répartir un gros calcul sur les cœurs de la machine : des processus neufs, qui chargent Django, puis lot par lot."""

import gc
import importlib
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import Any


def par_lots(fonction: str, lots: Sequence[Any]) -> Iterator[Any]:
    """`fonction(lot)` de chaque lot, dans l'ordre. `fonction` est un chemin : « maillage.piece.module.nom ».

    Un chemin, et non la fonction : le processus neuf doit charger Django avant d'importer une pièce.
    """
    with ProcessPoolExecutor(
        max_workers=os.cpu_count(), mp_context=get_context("spawn"), initializer=_preparer
    ) as ouvriers:
        yield from ouvriers.map(partial(_appeler, fonction), lots)


def _preparer() -> None:
    import django

    django.setup()
    gc.disable()  # ils ne vivent que le temps d'un calcul : le ramasse-miettes y prendrait la moitié du temps


def _appeler(fonction: str, lot: Any) -> Any:
    module, _, nom = fonction.rpartition(".")
    return getattr(importlib.import_module(module), nom)(lot)
