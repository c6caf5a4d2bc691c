"""Le dépôt du fichier des quartiers prioritaires."""

from django import forms

from maillage.territoire.operations.quartiers import DERNIER_MILLESIME, PREMIER_MILLESIME


class QuartiersForm(forms.Form):
    millesime = forms.IntegerField(
        label="Millésime",
        min_value=PREMIER_MILLESIME,
        max_value=DERNIER_MILLESIME,
        help_text="L’année de la géographie : 2024, ou 2015 pour l’ancienne. Deux millésimes ne se comparent pas.",
    )
    fichier = forms.FileField(
        label="Fichier CSV officiel",
        help_text="La liste des quartiers prioritaires publiée par l’État, avec code_qp, lib_qp et insee_com.",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={
            "required": "Choisissez d’abord un fichier sur votre ordinateur.",
            "empty": "Ce fichier est vide. Téléchargez-le de nouveau.",
        },
        max_length=255,
    )
