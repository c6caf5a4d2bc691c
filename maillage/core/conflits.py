"""Montrer un conflit : ce qu'une autre personne a enregistré, et ce qu'on voulait écrire, champ par champ."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

MESSAGE = (
    "Quelqu’un a enregistré pendant que vous écriviez. Rien n’est écrasé : comparez, "
    "corrigez au besoin, puis enregistrez de nouveau."
)


@dataclass(frozen=True, slots=True)
class Ecart:
    libelle: str
    le_sien: str
    le_mien: str


def ecarts(form: forms.Form, actuelles: Mapping[str, Any]) -> list[Ecart]:
    """Les champs où les deux textes diffèrent, dans l'ordre du formulaire."""
    trouves = []
    for nom, actuelle in actuelles.items():
        ecrite = form.cleaned_data.get(nom)
        if nom in form.fields and ecrite != actuelle:
            libelle = str(form[nom].label)
            trouves.append(Ecart(libelle, _dire(form, nom, actuelle), _dire(form, nom, ecrite)))
    return trouves


def relire(
    form: forms.Form, actuelles: Mapping[str, Any], version: int | str, *, champ: str = "version"
) -> list[Ecart]:
    """Les écarts, et le formulaire prêt à un second envoi : son `champ` porte maintenant la version d'aujourd'hui."""
    trouves = ecarts(form, actuelles)
    form.add_error(None, MESSAGE)
    form.data = form.data.copy()  # type: ignore[attr-defined]
    form.data[form.add_prefix(champ)] = str(version)  # type: ignore[index]
    return trouves


def _dire(form: forms.Form, nom: str, valeur: Any) -> str:
    if valeur in (None, ""):
        return "Rien"
    if dire := getattr(form.fields[nom], "dire", None):
        return str(dire(valeur))
    choix = getattr(form.fields[nom], "choices", None)
    if choix is not None and isinstance(valeur, str):
        return str(dict(form.fields[nom].choices).get(valeur, valeur))  # type: ignore[attr-defined]
    return f"{valeur:%d/%m/%Y}" if hasattr(valeur, "strftime") else str(valeur)
