"""La décision d'une modératrice sur ce qu'un lecteur a envoyé : le geste, et la raison."""

from django import forms

from maillage.moderation.choices import Geste

RAISONS_DE_REFUSER_UN_TEXTE = (
    "Ce texte cite une personne, ou la rend reconnaissable.",
    "Ce texte est une publicité, ou n’a pas de rapport avec la fiche.",
    "Ce texte blesse quelqu’un. Dites la même chose sans viser de personne.",
    "Ce texte ne dit pas assez ce qui s’est passé pour servir à d’autres.",
)
REPONSES_RETENUES = (
    "Merci : le texte signalé n’est plus en ligne.",
    "Merci : l’information est corrigée.",
    "Merci : le centre est prévenu et va revoir sa fiche.",
)
REPONSES_SANS_SUITE = (
    "Nous avons relu ce contenu : il respecte la charte, il reste en ligne.",
    "L’information est exacte, d’après le centre.",
    "Ce désaccord se discute : laissez un commentaire sous la fiche, le centre pourra répondre.",
)


class DecisionForm(forms.Form):
    geste = forms.ChoiceField(choices=[(g.value, g.label) for g in (Geste.ACCEPTER, Geste.REFUSER)])
    raison = forms.CharField(required=False, max_length=300)
    motif = forms.CharField(required=False, max_length=2_000)

    @property
    def raison_complete(self) -> str:
        """La raison choisie, puis les mots ajoutés."""
        morceaux = (self.cleaned_data["raison"], self.cleaned_data["motif"])
        return "\n".join(morceau for morceau in morceaux if morceau)
