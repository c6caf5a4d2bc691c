"""Un groupe de mots qui se cherchent l'un pour l'autre."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from maillage.catalogue.models import Synonyme
from maillage.core.recherche.analyse import analyser
from maillage.core.recherche.synonymes import LONGUEUR_MAX, MARQUE_FAIBLE

TERMES_MAX = 40
LONGUEUR_TERME = 80


class SynonymeForm(forms.Form):
    termes = forms.CharField(
        label="Les termes, un par ligne",
        help_text="La casse, les accents et les pluriels ne comptent pas. « ~ » devant un terme : il est voisin, "
        "on le trouve aussi, mais il compte moins.",
        max_length=TERMES_MAX * (LONGUEUR_TERME + 2),
        error_messages={"required": "Écrivez au moins deux termes différents, un par ligne."},
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "true"}),
    )
    est_oriente = forms.BooleanField(
        label="Sens unique : le premier terme appelle les autres, pas l’inverse",
        help_text="Pour un sigle et son développement, ou un mot large et des mots précis.",
        required=False,
    )

    @classmethod
    def de(cls, synonyme: Synonyme) -> "SynonymeForm":
        return cls(initial={"termes": synonyme.termes, "est_oriente": synonyme.est_oriente})

    def clean_termes(self) -> list[str]:
        """Termes nettoyés, sans répétition. Lève `ValidationError` si la recherche ne pourrait pas s'en servir."""
        par_sens: dict[tuple[str, ...], str] = {}
        for ligne in self.cleaned_data["termes"].splitlines():
            terme = " ".join(ligne.replace(MARQUE_FAIBLE, f"{MARQUE_FAIBLE} ").split()).replace(
                f"{MARQUE_FAIBLE} ", MARQUE_FAIBLE
            )
            if not terme.strip(MARQUE_FAIBLE):
                continue
            sens = tuple(analyser(terme))
            if not sens:
                raise ValidationError(
                    f"« {terme} » ne contient aucun mot que l’on cherche. Précisez ce terme."
                )
            if len(sens) > LONGUEUR_MAX or len(terme) > LONGUEUR_TERME:
                raise ValidationError(f"« {terme[:60]} » est trop long. Gardez {LONGUEUR_MAX} mots au plus.")
            par_sens.setdefault(sens, terme)
        termes = list(par_sens.values())
        if len(termes) < 2:
            raise ValidationError("Écrivez au moins deux termes différents, un par ligne.")
        if len(termes) > TERMES_MAX:
            raise ValidationError(f"Un groupe a {TERMES_MAX} termes au plus. Coupez-le en deux.")
        return termes

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        termes = donnees.get("termes")
        if termes and termes[0].startswith(MARQUE_FAIBLE):
            raise ValidationError("Le premier terme appelle les autres : ôtez-lui « ~ » ou changez l’ordre.")
        return donnees
