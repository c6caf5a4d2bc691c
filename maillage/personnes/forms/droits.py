"""Les formulaires des droits : une demande, sa réponse, un accord, un effacement."""

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils import timezone

from maillage.core.formulaires import champ_de_date
from maillage.core.saisie import une_ligne
from maillage.personnes.choices import EtatDemandeDeDroits, GenreDemandeDeDroits, ObjetDeConsentement


class DemandeForm(forms.Form):
    genre = forms.ChoiceField(
        label="Ce que la personne demande",
        choices=GenreDemandeDeDroits.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez ce qui est demandé."},
    )
    recue_le = champ_de_date("Reçue le", help_text="Le centre a un mois pour répondre.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["recue_le"] = timezone.localdate()


class ReponseForm(forms.Form):
    etat = forms.ChoiceField(
        label="La réponse",
        choices=[
            (EtatDemandeDeDroits.SATISFAITE.value, "C’est fait"),
            (EtatDemandeDeDroits.REJETEE.value, "Refusée, avec la raison"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez la réponse."},
    )
    reponse = forms.CharField(
        label="Ce que vous répondez",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "data-prudence": reverse_lazy("prudence")}),
        help_text="La personne peut lire ce texte. Un refus donne sa raison.",
    )


class AccordForm(forms.Form):
    """Rien n'est coché d'avance."""

    objet = forms.ChoiceField(
        label="L’accord",
        choices=ObjetDeConsentement.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez un accord."},
    )
    precision = forms.CharField(
        label="Pour qui, pour quoi",
        max_length=200,
        required=False,
        help_text="Le nom du partenaire, s’il s’agit de ses coordonnées.",
    )
    donne_par = forms.CharField(
        label="Donné par",
        max_length=120,
        required=False,
        help_text="Pour un enfant : ses deux parents, ou le responsable.",
    )
    fin_le = champ_de_date("Valable jusqu’au", required=False, help_text="Vide : jusqu’à son retrait.")


class EffacerForm(forms.Form):
    """On confirme par le nom : l'effacement est sans retour."""

    nom = forms.CharField(label="Pour confirmer, écrivez le nom de la personne", max_length=170)

    def __init__(self, *args: Any, attendu: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.attendu = attendu
        self.fields["nom"].help_text = f"« {attendu} ». Rien ne pourra la faire revenir."
        self.fields["nom"].widget.attrs["autocomplete"] = "off"

    def clean_nom(self) -> str:
        nom = une_ligne(self.cleaned_data["nom"])
        if nom.casefold() != self.attendu.casefold():
            raise forms.ValidationError("Ce n’est pas le nom de cette fiche. Recopiez-le.")
        return nom
