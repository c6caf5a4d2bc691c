"""Formulaires du rétroplanning : une tâche, une étape d'une Caf."""

from typing import Any

from django import forms

from maillage.comptes.models import Utilisateur
from maillage.core.formulaires import Versionne, champ_de_date
from maillage.projets.equipe import equipe_du_projet
from maillage.projets.models import EtapeRetroplanning, ProjetSocial
from maillage.projets.operations.retroplanning import empreinte_d_une_etape

MOIS_AU_PLUS = 48


class TacheForm(Versionne):
    titre = forms.CharField(
        label="Ce qu’il faut faire",
        max_length=200,
        error_messages={"required": "Dites ce qu’il faut faire."},
    )
    echeance = champ_de_date("Pour le")
    responsable = forms.ModelChoiceField(
        queryset=Utilisateur.objects.none(), label="Qui", required=False, empty_label="Personne encore"
    )
    detail = forms.CharField(
        label="Détail",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Sans nom d’habitant : ce texte se lit par toute l’équipe.",
    )

    def __init__(
        self, *args: Any, projet: ProjetSocial, actuel: Utilisateur | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        equipe = equipe_du_projet(projet)
        if actuel is not None:
            equipe = equipe | Utilisateur.objects.filter(pk=actuel.pk)
        self.fields["responsable"].queryset = equipe  # type: ignore[attr-defined]


class EtapeForm(forms.Form):
    mois_avant = forms.IntegerField(
        label="Mois avant la fin de l’agrément",
        min_value=0,
        max_value=MOIS_AU_PLUS,
        error_messages={
            "required": "Écrivez un nombre de mois, comme 6.",
            "invalid": "Écrivez un nombre, comme 6.",
        },
    )
    titre = forms.CharField(max_length=200, error_messages={"required": "Donnez un titre à l’étape."})
    detail = forms.CharField(label="Détail", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    lue = forms.CharField(required=False, widget=forms.HiddenInput)

    @classmethod
    def valeurs_de(cls, etape: EtapeRetroplanning) -> dict[str, Any]:
        return {
            "mois_avant": etape.mois_avant,
            "titre": etape.titre,
            "detail": etape.detail,
            "lue": empreinte_d_une_etape(etape),
        }
