"""Le dépôt d'une page du catalogue national."""

from django import forms


class DepotForm(forms.Form):
    fichier = forms.FileField(
        label="La page, en texte brut",
        help_text="Un fichier .txt de 20 Mo au plus, en UTF-8 : tout le texte d’une page du catalogue national.",
        widget=forms.FileInput(attrs={"accept": ".txt,text/plain"}),
        error_messages={
            "required": "Choisissez d’abord un fichier sur votre ordinateur.",
            "empty": "Ce fichier est vide. Copiez le texte de la page et enregistrez-le de nouveau.",
            "missing": "Choisissez d’abord un fichier sur votre ordinateur.",
        },
        max_length=255,
    )
