"""La décision d'une modératrice sur une contribution : les changements pris, pourquoi pas les autres, la raison."""

from collections.abc import Sequence
from typing import Any

from django import forms

from maillage.catalogue.models import PieceJointe
from maillage.catalogue.propositions import Proposition
from maillage.moderation.choices import Geste

LE_TEXTE_EN_LIGNE = "Le texte en ligne convient mieux."
POURQUOI_PAS = (
    LE_TEXTE_EN_LIGNE,
    "Une personne est citée ou reconnaissable.",
    "Le texte n’est pas assez clair.",
    "L’information paraît inexacte.",
)
RAISONS_DE_DEMANDER = (
    "Pouvez-vous donner le budget en chiffres ?",
    "Dites combien de personnes sont venues, et sur quelle durée.",
    "Remplacez les noms des personnes par leur rôle.",
    "Décrivez les étapes : une autre équipe doit pouvoir refaire l’action.",
)
RAISONS_DE_REFUSER = (
    "Ce texte ne décrit pas une action menée par le centre.",
    "Cette action est déjà racontée par une autre fiche.",
    "Ce texte cite des personnes ou donne leurs coordonnées.",
    "Ce texte est une publicité, ou n’a pas de rapport avec la fiche.",
)
RAISON_MAX = 2000


class ExamenForm(forms.Form):
    """`version` et `version_de_la_fiche` : ce que la modératrice a lu. Rien n'est écrit si cela a changé depuis."""

    geste = forms.ChoiceField(choices=Geste.choices)
    version = forms.IntegerField()
    version_de_la_fiche = forms.IntegerField()
    raison = forms.CharField(required=False, max_length=300)
    motif = forms.CharField(required=False, max_length=RAISON_MAX)

    def __init__(
        self, donnees: Any, *, propositions: Sequence[Proposition], pieces: Sequence[PieceJointe]
    ) -> None:
        super().__init__(donnees)
        self._propositions = propositions
        champs = [(p.nom, p.champ.libelle) for p in propositions]
        self.fields["champs"] = forms.MultipleChoiceField(choices=champs, required=False)
        jointes = [(str(piece.pk), piece.nom) for piece in pieces]
        self.fields["pieces"] = forms.MultipleChoiceField(choices=jointes, required=False)

    @property
    def numeros_des_pieces(self) -> list[int]:
        return [int(pk) for pk in self.cleaned_data["pieces"]]

    @property
    def raison_complete(self) -> str:
        """La raison choisie, puis les mots ajoutés."""
        morceaux = (self.cleaned_data["raison"], self.cleaned_data["motif"])
        return "\n".join(morceau for morceau in morceaux if morceau)

    @property
    def pourquoi_pas(self) -> str:
        """Une ligne par changement laissé : « Limites : une personne est citée. »"""
        return "\n".join(
            f"{p.champ.libelle} : {self._pourquoi(p)}"
            for p in self._propositions
            if p.nom not in self.cleaned_data["champs"]
        )

    def _pourquoi(self, proposition: Proposition) -> str:
        dit = self.data.get(f"pourquoi-{proposition.nom}", "")
        return dit if dit in POURQUOI_PAS else pourquoi_pas(proposition)


def pourquoi_pas(proposition: Proposition) -> str:
    """La raison la plus probable de laisser ce changement."""
    return POURQUOI_PAS[1] if proposition.donnees else LE_TEXTE_EN_LIGNE
