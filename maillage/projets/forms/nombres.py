"""Lire un nombre comme on l'écrit : « 1 234,5 », « 12 % », « −3 »."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from maillage.core.francais import MOINS, nombre

PLUS_GRAND = Decimal(999_999_999)
_NOMBRE = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_UNITE_COLLEE = re.compile(r"\s*[%€]$")


class NombreField(forms.CharField):
    """Un nombre, ou rien. `exemple` est montré quand ce qui est écrit n'en est pas un."""

    def __init__(self, exemple: str = "60", **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(max_length=40, **options)
        self.exemple = exemple

    def prepare_value(self, value: Any) -> Any:
        return nombre(value) if isinstance(value, Decimal | int) else value

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        ecrit = _UNITE_COLLEE.sub("", super().to_python(value) or "")
        chiffres = re.sub(r"\s", "", ecrit).replace(MOINS, "-")
        if not chiffres:
            return None
        if not _NOMBRE.fullmatch(chiffres):
            raise ValidationError(f"Donnez un nombre, par exemple {self.exemple}.")
        lu = Decimal(chiffres.replace(",", "."))
        if lu != round(lu, 2):
            raise ValidationError(f"Deux chiffres au plus après la virgule, par exemple {nombre(lu)}.")
        if abs(lu) > PLUS_GRAND:
            raise ValidationError(f"Ce nombre dépasse {nombre(PLUS_GRAND)}. Vérifiez-le, ou changez d’unité.")
        return lu


class AnneeField(forms.CharField):
    """Une année à quatre chiffres, ou rien."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
        super().__init__(max_length=4, **options)

    def to_python(self, value: Any) -> int | None:  # type: ignore[override]
        ecrit = super().to_python(value)
        if not ecrit:
            return None
        if not re.fullmatch(r"(19|20)\d\d", ecrit, re.ASCII):
            raise ValidationError("Écrivez l’année en quatre chiffres, par exemple 2024.")
        return int(ecrit)
