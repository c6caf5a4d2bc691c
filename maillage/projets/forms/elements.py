"""Formulaires de ce qui entoure l'arbre, un par genre d'élément, et celui qui range un passage."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from maillage.projets.choices import GenreInstance
from maillage.projets.elements import Genre
from maillage.projets.forms.grille import Grille, GrilleField, lignes_du_tableau
from maillage.projets.forms.nombres import AnneeField, NombreField
from maillage.projets.lecture import Arbre
from maillage.projets.models import ProjetSocial
from maillage.projets.operations.morceaux import CHAMPS_DE_RANGEMENT
from maillage.projets.plan import lire_le_plan


def _texte(libelle: str, longueur: int, manque: str = "", **options: Any) -> forms.CharField:
    messages = {"required": manque} if manque else {}
    return forms.CharField(
        label=libelle, max_length=longueur, required=bool(manque), error_messages=messages, **options
    )


def _long(libelle: str, lignes: int, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=libelle, required=False, widget=forms.Textarea(attrs={"rows": lignes}), **options
    )


class ElementForm(forms.Form):
    """`lue` : l'empreinte de ce que la page montrait."""

    lue = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def valeurs(self) -> dict[str, Any]:
        return {champ: valeur for champ, valeur in self.cleaned_data.items() if champ != "lue"}


class InstanceForm(ElementForm):
    nom = _texte("Nom", 300, "Donnez un nom à cette instance.")
    genre = forms.TypedChoiceField(
        label="Genre",
        required=False,
        choices=GenreInstance.choices,
        empty_value=GenreInstance.AUTRE,
        initial=GenreInstance.AUTRE,
    )
    role = _long("Son rôle", 3, help_text="Ce qu’on y décide, ou ce qu’on y propose.")
    composition = _long(
        "Qui y siège", 3, help_text="Des fonctions et des nombres, pas des noms : « quatre habitants »."
    )
    veut_la_parite = forms.BooleanField(
        label="Nous voulons la parité",
        required=False,
        help_text="Autant de sièges pour les habitants que pour tous les autres. C’est votre choix.",
    )


class ChiffreForm(ElementForm):
    libelle = _texte("Ce que l’on compte", 300, "Dites ce que ce chiffre compte.")
    valeur = NombreField(
        exemple="1 234,5",
        label="Valeur",
        error_messages={"required": "Écrivez la valeur, par exemple 1 234,5."},
    )
    unite = _texte("Unité", 60, help_text="Par exemple : habitants, %, €.")
    zone = _texte("Où", 200, help_text="Le quartier, la commune, le département.")
    source = _texte("Source", 300, help_text="Qui l’a publié : Insee, Caf, Ville.")
    annee = AnneeField(label="Année")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valeur"].required = True


class SigleForm(ElementForm):
    sigle = _texte("Sigle", 40, "Écrivez le sigle.")
    sens = _texte("Ce qu’il veut dire", 300, "Écrivez-le en toutes lettres.")


class TableauForm(ElementForm):
    titre = _texte("Titre", 300, "Donnez un titre au tableau.")
    source = _texte("Source et année", 300, help_text="Par exemple : Insee, 2021.")
    lignes = GrilleField(
        label="Les chiffres",
        help_text="Une colonne par lieu. Pour ôter une ligne ou une colonne, videz-la.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.connues = self.initial.get("lignes", [])
        self.initial["lignes"] = Grille.du_tableau(self.initial.get("zones", []), self.connues)

    @property
    def valeurs(self) -> dict[str, Any]:
        grille = self.cleaned_data["lignes"]
        return super().valeurs | {
            "zones": grille.zones,
            "lignes": lignes_du_tableau(grille, self.connues),
        }


FORMULAIRES: dict[str, type[ElementForm]] = {
    "instances": InstanceForm,
    "chiffres": ChiffreForm,
    "tableaux": TableauForm,
    "sigles": SigleForm,
}


def formulaire_de(genre: Genre, donnees: Any = None, element: Any = None) -> ElementForm:
    initial = genre.valeurs(element) | {"lue": genre.empreinte(element)} if element is not None else {}
    return FORMULAIRES[genre.cle](donnees, initial=initial)


class RangerForm(forms.Form):
    """Où va le passage : un chapitre, un nouveau, ou un champ d'une fiche."""

    ou = forms.ChoiceField(label="Le ranger dans")
    champ = forms.ChoiceField(
        label="Champ de la fiche",
        required=False,
        help_text="Seulement si vous choisissez une fiche.",
        choices=[
            ("", "Choisir un champ"),
            *((nom, champ.libelle) for nom, champ in CHAMPS_DE_RANGEMENT.items()),
        ],
    )

    def __init__(self, *args: Any, projet: ProjetSocial, arbre: Arbre, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plan = lire_le_plan(projet)
        chapitres = [(f"chapitre:{place.repere}", place.dit or "Sans titre") for place in plan]
        fiches = [(f"fiche:{lue.fiche.pk}", str(lue)) for lue in arbre.fiches]
        self.fields["ou"].choices = [  # type: ignore[attr-defined]
            ("nouveau", "Un nouveau chapitre"),
            *([("Chapitres", chapitres)] if chapitres else []),
            *([("Fiches actions", fiches)] if fiches else []),
        ]

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        if donnees.get("ou", "").startswith("fiche:") and not donnees.get("champ"):
            self.add_error("champ", ValidationError("Choisissez le champ de la fiche."))
        return donnees
