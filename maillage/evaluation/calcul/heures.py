"""Les heures : celles où l'on ouvre (la durée des séances), celles que l'on y passe (cette durée, par présence)."""

from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any, Final

from django.db.models import DurationField, ExpressionWrapper, F, IntegerField, Model, Sum

from maillage.activites.models import Presence, Seance, VenueSansNom
from maillage.evaluation.calcul.mesures import Decompte, Nombre
from maillage.evaluation.calcul.sources import arrondir


def _duree(prefixe: str = "", fois: Any = None) -> Nombre:
    duree: Any = ExpressionWrapper(F(f"{prefixe}fin") - F(f"{prefixe}debut"), output_field=DurationField())
    if fois is not None:
        duree = ExpressionWrapper(duree * fois, output_field=DurationField())
    return partial(Sum, duree)


DUREES: Final[dict[type[Model], Nombre]] = {
    Seance: _duree(),
    Presence: _duree("seance__"),
    VenueSansNom: _duree("seance__", ExpressionWrapper(F("nombre"), output_field=IntegerField())),
}
"""Ce que dure chaque ligne. Qui est venu à une séance y est resté : toute sa durée compte."""


def en_heures(decompte: Decompte) -> Decompte:
    """Le même décompte de séances ou de présences, en heures."""
    if decompte.valeur is None:
        return decompte
    sources = tuple(replace(source, nombre=DUREES[source.lignes.model]) for source in decompte.sources)
    total = sum((source.total for source in sources), Decimal(0))
    return replace(decompte, valeur=arrondir(total), sources=sources)
