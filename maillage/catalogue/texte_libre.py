"""Le texte libre d'une note du quotidien : relu pendant la frappe, jamais bloqué.

Le champ porte `data-prudence` : `prudence.js` demande pendant que l'on écrit. Sans script, l'envoi demande la même
chose, une fois.
"""

from typing import Any

from django import forms
from django.urls import reverse_lazy

from maillage.catalogue.prudence import douter
from maillage.core.formulaires import Versionne


class TexteLibreForm(Versionne):
    """`libres` : les champs où un nom, un numéro ou une santé pourrait se glisser."""

    relu = forms.BooleanField(
        label="J’ai relu : ce texte ne dit rien de trop d’une personne",
        required=False,
        widget=forms.HiddenInput,
    )
    libres: tuple[str, ...] = ()

    def __init__(self, *args: Any, **options: Any) -> None:
        """La case « relu » suit le dernier texte libre."""
        super().__init__(*args, **options)
        for nom in self.libres:
            self.fields[nom].widget.attrs["data-prudence"] = reverse_lazy("prudence")
        noms = [nom for nom in self.fields if nom != "relu"]
        noms.insert(noms.index(self.libres[-1]) + 1, "relu")
        self.order_fields(noms)

    def clean(self) -> dict[str, Any]:
        lus = super().clean() or {}
        doutes = douter({nom: lus.get(nom) or "" for nom in self.libres})
        if doutes and not lus.get("relu"):
            self.fields["relu"].widget = forms.CheckboxInput()
            for doute in doutes:
                dit = f"« {doute.extrait} » : {doute.constat[0].lower()}{doute.constat[1:]}"
                self.add_error(doute.champ, f"{dit} Retirez ces mots, ou cochez que vous avez relu.")
        return lus

    @property
    def valeurs(self) -> dict[str, Any]:
        return {champ: valeur for champ, valeur in super().valeurs.items() if champ != "relu"}
