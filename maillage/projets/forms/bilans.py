"""Le bilan d'une fiche : cinq réponses, écrites à plusieurs (`core.ecriture`)."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms

from maillage.core.formulaires import FormulaireEcrit, TexteField
from maillage.projets.choices import DegreAtteinte, SuiteDonnee
from maillage.projets.operations.bilans import CHAMPS

TEXTE_MAX: Final = 20_000
CHOIX: Final[dict[str, list[tuple[str, str]]]] = {
    "degre": [(degre.value, str(degre.label)) for degre in DegreAtteinte],
    "suite": [(suite.value, str(suite.label)) for suite in SuiteDonnee],
}
AIDES: Final = {
    "degre": "Au vu des valeurs et de ce que les habitants en disent.",
    "a_marche": "Un fait précis vaut mieux qu’une appréciation.",
    "n_a_pas_marche": "Ce qui a manqué, ce qui a freiné. C’est utile aux autres centres aussi.",
    "suite": "Ce que vous décidez pour l’année qui vient.",
    "lecon": "Ce que vous voudrez relire en écrivant le prochain projet.",
}


class BilanForm(FormulaireEcrit):
    def __init__(self, valeurs: Mapping[str, str], data: Any = None) -> None:
        super().__init__(data, initial=dict(valeurs), auto_id="%s")
        for nom, libelle in CHAMPS.items():
            options: dict[str, Any] = {"label": libelle, "help_text": AIDES[nom]}
            if nom in CHOIX:
                self.fields[nom] = forms.ChoiceField(
                    choices=CHOIX[nom], required=False, widget=forms.RadioSelect, **options
                )
            else:
                decrit = {
                    "aria-describedby": f"{nom}_helptext avis-{nom}",
                    "rows": 3 if nom == "lecon" else 4,
                }
                self.fields[nom] = TexteField(TEXTE_MAX, widget=forms.Textarea(attrs=decrit), **options)
