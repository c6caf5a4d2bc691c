"""La période d'un projet lu : celle que son document dit, ou qu'une personne a donnée. Rien ne s'invente ici."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from maillage.projets.operations.projets import valider_la_periode


class PeriodeARevoir(Exception):
    """Le document ne dit pas la période, ou elle ne peut pas être celle d'un projet. Le message dit quoi faire."""


def dates_du_lu(lu: Mapping[str, Any]) -> tuple[date, date]:
    """Premier et dernier jour : du 1er janvier au 31 décembre, sauf si un export dit les jours de ces années-là.

    Lève `PeriodeARevoir`.
    """
    periode, nom = lu.get("periode") or {}, lu.get("nom") or "ce projet"
    du, au = _jour(lu.get("du")), _jour(lu.get("au"))
    debut, fin = periode.get("debut") or (du and du.year), periode.get("fin") or (au and au.year)
    if not debut or not fin:
        raise PeriodeARevoir(
            f"Le document ne dit pas la période de « {nom} ». Donnez sa première et sa dernière année."
        )
    try:
        du = du if du and du.year == debut else date(debut, 1, 1)
        au = au if au and au.year == fin else date(fin, 12, 31)
        valider_la_periode(du, au)
    except ValidationError as refus:
        (raison,) = refus.messages
        raise PeriodeARevoir(f"« {nom} » irait de {debut} à {fin}. {raison}") from refus
    except ValueError as refus:
        raise PeriodeARevoir(f"« {nom} » irait de {debut} à {fin} : corrigez ces années.") from refus
    return du, au


def _jour(valeur: Any) -> date | None:
    try:
        return date.fromisoformat(str(valeur))
    except ValueError:
        return None
