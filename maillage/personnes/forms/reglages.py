"""Les formulaires des réglages et de l'import."""

from typing import Any

from django import forms

from maillage.personnes.choices import ChampDePersonne
from maillage.territoire.models import Quartier


class ProvenanceForm(forms.Form):
    nom = forms.CharField(
        label="Le lieu",
        max_length=80,
        help_text="Dans vos mots : « Le Moulin », « Autre commune ».",
        error_messages={"required": "Écrivez le nom du lieu."},
    )
    quartier = forms.ModelChoiceField(
        Quartier.objects.none(),
        label="Quartier prioritaire de la ville (QPV)",
        required=False,
        empty_label="Aucun",
    )
    est_du_territoire = forms.BooleanField(label="Dans la zone du centre", required=False, initial=True)

    def __init__(self, *args: Any, quartiers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["quartier"]
        champ.queryset = quartiers


class ClasseurForm(forms.Form):
    fichier = forms.FileField(
        label="Le classeur",
        help_text="Un fichier .xlsx ou .csv, une ligne par personne, de 5 Mo au plus.",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        max_length=255,
        error_messages={
            "required": "Choisissez d’abord un fichier sur votre ordinateur.",
            "empty": "Ce fichier est vide. Vérifiez-le, puis déposez-le de nouveau.",
        },
    )


class ColonnesForm(forms.Form):
    """Une liste par colonne du classeur : `c0`, `c1`…"""

    def __init__(
        self, *args: Any, entetes: list[str], choisies: dict[str, str], ouverts: set[str], **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        self.entetes = entetes
        choix = [("", "Ne pas importer"), *((c.value, c.label) for c in ChampDePersonne if c in ouverts)]
        for rang, entete in enumerate(entetes):
            self.fields[f"c{rang}"] = forms.ChoiceField(
                label=entete or f"Colonne {rang + 1}",
                choices=choix,
                required=False,
                initial=choisies.get(entete, ""),
            )

    @property
    def colonnes(self) -> dict[str, str]:
        return {entete: self.cleaned_data[f"c{rang}"] for rang, entete in enumerate(self.entetes)}
