"""Les heures : celles où l'on ouvre (la durée des séances), celles que l'on y passe (cette durée, par présence)."""

from dataclasses import replace
from decimal import Decimal
from typing import Final

from django.db.models import ExpressionWrapper, F, IntegerField, Model

from maillage.activites.models import Presence, Seance, VenueSansNom
from maillage.evaluation.calcul.mesures import Decompte, Nombre
from maillage.evaluation.calcul.sources import arrondir, duree

DUREES: Final[dict[type[Model], Nombre]] = {
    Seance: duree(),
    Presence: duree("seance__"),
    VenueSansNom: duree("seance__", ExpressionWrapper(F("nombre"), output_field=IntegerField())),
}
"""Ce que dure chaque ligne. Qui est venu à une séance y est resté : toute sa durée compte."""


def en_heures(decompte: Decompte) -> Decompte:
    """Le même décompte de séances ou de présences, en heures."""
    if decompte.valeur is None:
        return decompte
    sources = tuple(replace(source, nombre=DUREES[source.lignes.model]) for source in decompte.sources)
    total = sum((source.total for source in sources), Decimal(0))
    return replace(decompte, valeur=arrondir(total), sources=sources)
