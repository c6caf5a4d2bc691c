"""Un type de demande : un libellé, une icône, l'action qu'il fait avancer."""

from typing import Any, Final

from django import forms

from maillage.accueil.models import TypeDeDemande
from maillage.core.formulaires import Versionne
from maillage.core.saisie import une_ligne
from maillage.projets.models import FicheAction
from maillage.territoire.models import Structure

ICONES: Final = {
    "message-circle-question": "Bulle",
    "laptop": "Ordinateur",
    "printer": "Imprimante",
    "calendar-check": "Calendrier",
    "clipboard-pen": "Bloc-notes",
    "door-open": "Porte",
    "coffee": "Tasse",
    "mail-open": "Lettre",
    "phone": "Téléphone",
    "house-plus": "Maison",
    "briefcase-business": "Emploi",
    "graduation-cap": "Apprendre",
    "heart-pulse": "Santé",
    "baby": "Petite enfance",
    "hand-coins": "Argent",
    "scale": "Droits",
    "utensils": "Repas",
    "bus": "Transport",
    "circle-help": "Question",
    "circle-ellipsis": "Autre",
}


class TypeForm(Versionne):
    libelle = forms.CharField(
        label="Libellé", max_length=60, help_text="Deux ou trois mots, ceux que l’on dit au comptoir."
    )
    icone = forms.ChoiceField(label="Icône", choices=list(ICONES.items()), initial="circle-help")
    fiche = forms.ModelChoiceField(
        queryset=FicheAction.objects.none(),
        label="Fiche action",
        required=False,
        empty_label="Aucune",
        help_text="L’action que ces demandes font avancer : ses indicateurs les comptent.",
    )

    def __init__(
        self, *args: Any, centre: Structure, type_de_demande: TypeDeDemande | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fiches = FicheAction.objects.filter(projet__structure=centre).order_by(
            "-projet__du", "axe__rang", "rang", "pk"
        )
        self.fields["fiche"].queryset = fiches  # type: ignore[attr-defined]
        if type_de_demande is not None:
            self.initial = {
                "libelle": type_de_demande.libelle,
                "icone": type_de_demande.icone,
                "fiche": type_de_demande.fiche_id,
                "version": type_de_demande.version,
            }

    def clean_libelle(self) -> str:
        return une_ligne(self.cleaned_data["libelle"])
