"""Formulaires d'une structure : sa fiche, sa fermeture, sa reprise, son gestionnaire."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db.models import Q
from django.utils import timezone

from maillage.territoire.choices import FormeGestionnaire, GenreStructure
from maillage.territoire.models import Departement, Gestionnaire, Structure
from maillage.territoire.recherche import commune_du_departement, est_le_meme_nom


class FicheForm(forms.Form):
    """Ce que la page publique d'un centre dit de lui. `commune` s'écrit, et se reconnaît avec le code postal."""

    nom = forms.CharField(max_length=200, error_messages={"required": "Écrivez le nom de la structure."})
    genre = forms.ChoiceField(label="Sorte de structure", choices=GenreStructure.choices)
    departement = forms.ModelChoiceField(
        queryset=Departement.objects.none(),
        label="Département",
        empty_label="Choisir un département",
        error_messages={"required": "Choisissez le département."},
    )
    adresse = forms.CharField(max_length=200, required=False, help_text="Numéro et rue.")
    code_postal = forms.CharField(
        label="Code postal",
        max_length=5,
        required=False,
        validators=[RegexValidator(r"^\d{5}$", "Un code postal a cinq chiffres.")],
    )
    commune = forms.CharField(max_length=100, required=False)
    telephone = forms.CharField(label="Téléphone de l’accueil", max_length=20, required=False)
    courriel = forms.EmailField(
        label="Courriel de l’accueil",
        required=False,
        help_text="Une adresse du centre : elle se lit sur sa page publique.",
        error_messages={"invalid": "Écrivez une adresse entière, comme accueil@exemple.fr."},
    )
    site_web = forms.URLField(
        label="Site internet",
        required=False,
        assume_scheme="https",
        error_messages={"invalid": "Écrivez une adresse, comme https://exemple.fr."},
    )
    accroche = forms.CharField(
        max_length=200, required=False, help_text="Une phrase, que l’on lit sous le nom."
    )
    presentation = forms.CharField(
        label="Présentation", required=False, widget=forms.Textarea(attrs={"rows": 6})
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, departements: Q, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ = self.fields["departement"]
        champ.queryset = Departement.objects.filter(departements).order_by("code")  # type: ignore[attr-defined]

    @classmethod
    def valeurs_de(cls, structure: Structure) -> dict[str, Any]:
        simples = (
            "nom",
            "genre",
            "departement",
            "adresse",
            "code_postal",
            "telephone",
            "courriel",
            "site_web",
        )
        textes = ("accroche", "presentation", "version")
        return {champ: getattr(structure, champ) for champ in (*simples, *textes)} | {
            "commune": structure.commune.nom if structure.commune else ""
        }

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        nom, departement = donnees.get("commune", "").strip(), donnees.get("departement")
        donnees["commune"] = None
        if nom and departement:
            trouvee = commune_du_departement(nom, departement)
            if trouvee is None:
                self.add_error(
                    "commune", ValidationError(f"« {nom} » n’est pas une commune de ce département.")
                )
            donnees["commune"] = trouvee
        return donnees

    @property
    def valeurs(self) -> dict[str, Any]:
        """Les champs de la structure, sans la version lue."""
        return {champ: valeur for champ, valeur in self.cleaned_data.items() if champ != "version"}


class ConfirmeeParLeNom(forms.Form):
    """Un acte qui touche toute une équipe : on écrit le nom de la structure pour le confirmer."""

    confirmation = forms.CharField(
        label="Pour confirmer, écrivez le nom de la structure",
        max_length=200,
        error_messages={"required": "Écrivez le nom de la structure, tel qu’il est en haut de la page."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, structure: Structure, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": structure.version, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.structure = structure
        self.order_fields([nom for nom in self.fields if nom != "confirmation"] + ["confirmation"])

    def clean_confirmation(self) -> str:
        ecrit = self.cleaned_data["confirmation"]
        if not est_le_meme_nom(ecrit, self.structure.nom):
            raise ValidationError(f"Ce n’est pas le nom de cette structure : « {self.structure.nom} ».")
        return str(ecrit)


def champ_de_jour(libelle: str) -> forms.DateField:
    return forms.DateField(
        label=libelle,
        initial=timezone.localdate,
        error_messages={"required": "Écrivez le jour.", "invalid": "Écrivez une date, comme 31/12/2026."},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class FermerForm(ConfirmeeParLeNom):
    le = champ_de_jour("Fermée le")


class ReprendreForm(ConfirmeeParLeNom):
    dans = forms.ModelChoiceField(
        queryset=Structure.objects.none(),
        label="La structure qui reprend",
        empty_label="Choisir une structure",
        error_messages={
            "required": "Choisissez la structure qui reprend.",
            "invalid_choice": "Choisissez une structure de la liste.",
        },
    )
    le = champ_de_jour("Reprise le")

    def __init__(self, *args: Any, candidates: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dans"].queryset = candidates  # type: ignore[attr-defined]


class GestionnaireForm(ConfirmeeParLeNom):
    gestionnaire = forms.ModelChoiceField(
        queryset=Gestionnaire.objects.none(),
        label="Le nouveau gestionnaire",
        required=False,
        empty_label="Un autre, que j’écris",
    )
    nouveau = forms.CharField(label="Son nom, s’il n’est pas dans la liste", max_length=200, required=False)
    forme = forms.ChoiceField(label="Sa forme", choices=FormeGestionnaire.choices, required=False)
    du = champ_de_jour("Depuis le")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        structures = Q(structures__departement=self.structure.departement)
        voisins = Gestionnaire.objects.filter(structures).exclude(structures=self.structure)
        self.fields["gestionnaire"].queryset = voisins.distinct().order_by("nom", "pk")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        if not donnees.get("gestionnaire") and not donnees.get("nouveau", "").strip():
            self.add_error("gestionnaire", ValidationError("Choisissez un gestionnaire, ou écrivez son nom."))
        return donnees
