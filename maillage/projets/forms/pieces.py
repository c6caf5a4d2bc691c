"""Formulaire d'une pièce du dossier : le fichier, son nom, ses dates."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from maillage.core.ecriture import GesteRefuse
from maillage.core.formulaires import Versionne, champ_de_date
from maillage.projets.operations.pieces import FORMATS, Fichier, controler_le_fichier


class PieceForm(Versionne):
    fichier = forms.FileField(
        label="Le fichier",
        help_text=f"{FORMATS} 15 Mo au plus. La Caf lira ce fichier : aucun nom d’habitant.",
        widget=forms.FileInput(
            attrs={"accept": ".pdf,.jpg,.jpeg,.png,.webp,.docx,.xlsx,.pptx,.odt,.ods,.odp"}
        ),
        error_messages={
            "required": "Choisissez d’abord un fichier sur votre ordinateur.",
            "empty": "Ce fichier est vide. Vérifiez le fichier choisi.",
            "missing": "Choisissez d’abord un fichier sur votre ordinateur.",
        },
        max_length=255,
    )
    nom = forms.CharField(
        label="Nom de la pièce", max_length=200, error_messages={"required": "Nommez la pièce."}
    )
    fournie_le = champ_de_date("Fournie le")
    valable_jusqu_au = champ_de_date(
        "Valable jusqu’au", required=False, help_text="Vide si elle ne se périme pas."
    )

    def __init__(self, *args: Any, est_neuve: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not est_neuve:
            self.fields["fichier"].required = False
            self.fields["fichier"].label = "Un autre fichier, pour remplacer celui-ci"

    def clean_fichier(self) -> Fichier | None:
        recu = self.cleaned_data.get("fichier")
        if not recu:
            return None
        try:
            return controler_le_fichier(recu.name, recu.read())
        except GesteRefuse as refus:
            raise ValidationError(str(refus)) from refus

    def clean_fournie_le(self) -> Any:
        fournie = self.cleaned_data["fournie_le"]
        if fournie > timezone.localdate():
            raise ValidationError("Cette date n’est pas encore passée. Vérifiez-la.")
        return fournie

    def clean(self) -> dict[str, Any]:
        lues = super().clean() or self.cleaned_data
        fournie, valable = lues.get("fournie_le"), lues.get("valable_jusqu_au")
        if fournie and valable and valable < fournie:
            self.add_error(
                "valable_jusqu_au", "La pièce se périme avant d’être fournie. Corrigez une des deux dates."
            )
        return lues
