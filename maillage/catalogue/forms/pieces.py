"""Joindre des fichiers à une fiche, et dire ce qu'ils montrent."""

from typing import Any

from django import forms

from maillage.catalogue.models import PieceJointe

ACCEPTES = "image/jpeg,image/png,image/webp,image/gif,application/pdf"
TYPES_EN_MOTS = "Images (JPEG, PNG, WebP, GIF) ou PDF, 10 Mo au plus chacun."


class PlusieursFichiers(forms.ClearableFileInput):
    allow_multiple_selected = True


class FichiersField(forms.FileField):
    """Un champ, plusieurs fichiers : `clean` rend leur liste."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        recus = [fichier for fichier in data or [] if fichier]
        if not recus:
            super().clean(None, initial)
        return recus


class JoindreForm(forms.Form):
    fichiers = FichiersField(
        label="Fichiers à joindre",
        help_text=TYPES_EN_MOTS,
        widget=PlusieursFichiers(attrs={"accept": ACCEPTES}),
        error_messages={"required": "Choisissez d’abord un ou plusieurs fichiers."},
    )
    a_l_accord = forms.BooleanField(
        label="Les personnes que l’on reconnaît sur les images ont dit oui, ou l’on ne reconnaît personne",
        help_text="Pour un enfant, l’accord de ses parents. Le mieux est un accord écrit, gardé au centre.",
        required=False,
    )

    @property
    def recus(self) -> list[Any]:
        return list(self.cleaned_data["fichiers"])


class DescriptionForm(forms.Form):
    """Une image a besoin de ses mots ; un document, seulement d'une légende s'il en faut une."""

    texte_alternatif = forms.CharField(
        label="Ce que montre l’image",
        help_text="Pour qui ne la voit pas. Par exemple : « Six habitants autour d’une table, un plan du jardin "
        "devant eux. »",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Dites ce que montre l’image, ou cochez « décorative »."},
    )
    est_decorative = forms.BooleanField(
        label="Image décorative : elle n’apprend rien de plus", required=False
    )
    legende = forms.CharField(
        label="Légende et crédit",
        help_text="Ce qu’on lira dessous. Par exemple : « Le premier marché, photo de l’atelier image ».",
        max_length=300,
        required=False,
    )

    def __init__(self, piece: PieceJointe, donnees: Any = None) -> None:
        self.piece = piece
        valeurs = {nom: getattr(piece, nom) for nom in self.base_fields}
        super().__init__(donnees, prefix=piece.code, initial=valeurs)
        if not piece.est_image:
            del self.fields["texte_alternatif"], self.fields["est_decorative"]
        elif donnees and donnees.get(self.add_prefix("est_decorative")):
            self.fields["texte_alternatif"].required = False

    @property
    def valeurs(self) -> dict[str, Any]:
        """Celles qu'attend `decrire_piece`."""
        vides = {"texte_alternatif": "", "est_decorative": False, "legende": ""}
        return vides | self.cleaned_data
