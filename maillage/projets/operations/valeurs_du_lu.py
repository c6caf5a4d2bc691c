"""Les valeurs d'un export JSON, d'où qu'il vienne : ce qui n'a pas la forme attendue vaut rien."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any, Final

from django.db.models import TextChoices

_MONTANT: Final = re.compile(r"\d{1,9}(?:\.\d{1,2})?", re.ASCII)
_ENTIER_MAX: Final = 32_767


def liste(lu: Mapping[str, Any], cle: str) -> Sequence[Any]:
    elements = lu.get(cle)
    return elements if isinstance(elements, list | tuple) else ()


def objets(lu: Mapping[str, Any], cle: str) -> list[Mapping[str, Any]]:
    return [un for un in liste(lu, cle) if isinstance(un, Mapping)]


def entier(valeur: Any) -> int | None:
    est_un_entier = isinstance(valeur, int) and not isinstance(valeur, bool)
    return valeur if est_un_entier and 0 <= valeur <= _ENTIER_MAX else None


def jour(valeur: Any) -> date | None:
    try:
        return date.fromisoformat(valeur) if isinstance(valeur, str) else None
    except ValueError:
        return None


def heure(valeur: Any) -> time | None:
    try:
        return time.fromisoformat(valeur).replace(tzinfo=None) if isinstance(valeur, str) else None
    except ValueError:
        return None


def montant(valeur: Any) -> Decimal | None:
    return Decimal(str(valeur)) if _MONTANT.fullmatch(str(valeur)) else None


def parmi(valeur: Any, choix: type[TextChoices], defaut: str = "") -> str:
    return valeur if isinstance(valeur, str) and valeur in choix.values else defaut


def nombres(valeur: Any, choix: type[TextChoices]) -> dict[str, int]:
    """{« habitants » : 12} : un nombre par valeur connue."""
    lus = valeur.items() if isinstance(valeur, Mapping) else ()
    return {cle: nombre for cle, un in lus if cle in choix.values and (nombre := entier(un))}
