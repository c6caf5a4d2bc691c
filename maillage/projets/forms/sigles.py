"""Les sigles proposés : un champ par sigle, rempli de ce que l'on en sait, et une case pour l'accepter."""

from collections.abc import Iterable
from typing import Any

from django import forms

from maillage.projets.sigles import SENS_MAX, SigleTrouve


class SiglesForm(forms.Form):
    def __init__(self, trouves: Iterable[SigleTrouve], data: Any = None) -> None:
        super().__init__(data)
        self.trouves = list(trouves)
        for un in self.trouves:
            self.fields[f"garder_{un.sigle}"] = forms.BooleanField(
                label=un.sigle, required=False, initial=bool(un.sens)
            )
            self.fields[f"sens_{un.sigle}"] = forms.CharField(
                label=f"Ce que veut dire {un.sigle}", required=False, max_length=SENS_MAX, initial=un.sens
            )

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        for un in self.trouves:
            if donnees.get(f"garder_{un.sigle}") and not donnees.get(f"sens_{un.sigle}", "x").strip():
                self.add_error(f"sens_{un.sigle}", f"Écrivez ce que veut dire {un.sigle}, ou décochez-le.")
        return donnees

    @property
    def lignes(self) -> list[tuple[SigleTrouve, forms.BoundField, forms.BoundField]]:
        return [(un, self[f"garder_{un.sigle}"], self[f"sens_{un.sigle}"]) for un in self.trouves]

    @property
    def gardes(self) -> dict[str, str]:
        return {
            un.sigle: self.cleaned_data[f"sens_{un.sigle}"]
            for un in self.trouves
            if self.cleaned_data.get(f"garder_{un.sigle}")
        }
