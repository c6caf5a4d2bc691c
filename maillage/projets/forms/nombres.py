"""Lire un nombre comme on l'écrit : « 1 234,5 », « 12 % », « −3 »."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from maillage.core.francais import MOINS, nombre

PLUS_GRAND = Decimal(999_999_999)
_NOMBRE = re.compile(r"[+-]?\d{1,30}(?:[.,]\d{1,10})?", re.ASCII)
_UNITE_COLLEE = re.compile(r"\s*[%€]$")
_ANNEE = re.compile(r"(?:19|20)\d\d", re.ASCII)


class NombreField(forms.Field):
    """Un nombre, ou rien. `exemple` est montré quand ce qui est écrit n'en est pas un."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, exemple: str = "60", maximum: Decimal = PLUS_GRAND, **options: Any) -> None:
        super().__init__(required=False, **options)
        self.exemple, self.maximum = exemple, maximum

    def prepare_value(self, value: Any) -> Any:
        return nombre(value) if isinstance(value, Decimal | int) else value

    def to_python(self, value: Any) -> Decimal | None:
        if isinstance(value, Decimal):  # un champ figé rend sa valeur de départ
            return value
        chiffres = re.sub(r"\s", "", _UNITE_COLLEE.sub("", str(value or "").strip())).replace(MOINS, "-")
        if not chiffres:
            return None
        if not _NOMBRE.fullmatch(chiffres):
            raise ValidationError(f"Donnez un nombre, par exemple {self.exemple}.")
        lu = Decimal(chiffres.replace(",", "."))
        if lu != round(lu, 2):
            raise ValidationError(f"Deux chiffres au plus après la virgule, par exemple {nombre(lu)}.")
        if abs(lu) > self.maximum:
            raise ValidationError(
                f"Ce nombre dépasse {nombre(self.maximum)}. Vérifiez-le, ou changez d’unité."
            )
        return lu


class AnneeField(forms.Field):
    """Une année à quatre chiffres, ou rien."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)

    def to_python(self, value: Any) -> int | None:
        ecrit = str(value or "").strip()
        if not ecrit:
            return None
        if not _ANNEE.fullmatch(ecrit):
            raise ValidationError("Écrivez l’année en quatre chiffres, par exemple 2024.")
        return int(ecrit)
