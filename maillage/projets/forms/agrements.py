"""Formulaires de l'agrément : envoyer le projet, noter ce que répond la Caf."""

from typing import Any

from django import forms
from django.utils import timezone

from maillage.core.formulaires import champ_de_date
from maillage.projets.models import DemandeAgrement, ProjetSocial
from maillage.projets.regles import regle_du, regles


class SoumettreForm(forms.Form):
    types = forms.MultipleChoiceField(
        label="Ce que vous demandez",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins une demande."},
    )
    regle = forms.ChoiceField(
        label="La règle qui s’applique",
        help_text="La plus récente par défaut. En cas de doute, votre Caf vous dit laquelle elle suit.",
    )
    deposee_le = champ_de_date("Envoyé à la Caf le")

    def __init__(self, *args: Any, projet: ProjetSocial, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        jour = timezone.localdate()
        valable = regle_du(jour)
        types = valable.types_de(projet.structure.genre)
        self.fields["types"].choices = [(t.value, t.label) for t in types]  # type: ignore[attr-defined]
        self.fields["regle"].choices = [(r.cle, r.titre) for r in reversed(regles())]  # type: ignore[attr-defined]
        self.initial = {"types": [types[0]], "regle": valable.cle, "deposee_le": jour}


class CompleterForm(forms.Form):
    mot = forms.CharField(
        label="Ce que la Caf demande",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Votre équipe le lira dans l’histoire du projet.",
    )


class DecisionForm(forms.Form):
    reponse = forms.ChoiceField(
        label="La réponse de la Caf",
        widget=forms.RadioSelect,
        choices=[("accordee", "Accordée"), ("refusee", "Refusée")],
        error_messages={"required": "Choisissez la réponse."},
    )
    decidee_le = champ_de_date("Décidée le")
    du = champ_de_date("Agrément valable du", required=False, help_text="Seulement s’il est accordé.")
    au = champ_de_date("Jusqu’au", required=False, help_text="De un à quatre ans.")
    motif = forms.CharField(
        label="La raison",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Nécessaire si la demande est refusée ; utile si la durée est plus courte que demandée.",
    )

    def __init__(self, *args: Any, demande: DemandeAgrement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        projet = demande.projet
        self.initial = {"decidee_le": timezone.localdate(), "du": projet.du, "au": projet.au}
