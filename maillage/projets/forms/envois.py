"""Formulaires de l'envoi : le dossier et son vote, un bilan, un partage, la réponse à un point."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone

from maillage.core.formulaires import PlusieursField, Versionne, champ_de_date
from maillage.projets.forms.agrements import SoumettreForm
from maillage.projets.models import Envoi, ProjetSocial
from maillage.territoire.choices import GenreInstitution
from maillage.territoire.models import Institution


def nouvelle_cle() -> str:
    """Le geste d'une personne : la même page envoyée deux fois porte la même."""
    return uuid4().hex


def _mot(libelle: str, aide: str) -> forms.CharField:
    return forms.CharField(
        label=libelle,
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=aide,
    )


class EnvoyerForm(SoumettreForm):
    """`cle` : née avec la page."""

    cle = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    vote_par = forms.CharField(
        label="Voté par",
        max_length=200,
        required=False,
        help_text="Le conseil d’administration, ou le conseil municipal. Laissez vide s’il n’a pas encore voté.",
    )
    vote_le = champ_de_date("Voté le", required=False)
    mot = _mot("Mot d’accompagnement", "La Caf le lira avec le dossier.")
    field_order = ("types", "regle", "vote_par", "vote_le", "deposee_le", "mot", "cle")

    def __init__(self, *args: Any, projet: ProjetSocial, **kwargs: Any) -> None:
        super().__init__(*args, projet=projet, **kwargs)
        deposees = [demande.type for demande in projet.demandes.all() if demande.etat == "deposee"]
        if deposees:
            self.initial["types"] = deposees
        avant = projet.envois.order_by("-envoye_le", "-pk").exclude(vote_le=None).first()
        if avant is not None:
            self.initial["vote_le"], self.initial["vote_par"] = avant.vote_le, avant.vote_par
        self.initial["cle"] = nouvelle_cle()

    def clean(self) -> dict[str, Any]:
        lus: dict[str, Any] = super().clean() or self.cleaned_data
        vote_le, vote_par = lus.get("vote_le"), (lus.get("vote_par") or "").strip()
        if vote_le and not vote_par:
            self.add_error("vote_par", "Dites qui a voté : conseil d’administration ou conseil municipal.")
        if vote_par and not vote_le and "vote_le" not in self.errors:
            self.add_error("vote_le", "Écrivez le jour du vote.")
        if vote_le and vote_le > timezone.localdate():
            self.add_error("vote_le", "Ce jour n’est pas encore venu. Notez le vote une fois passé.")
        return lus


class TransmettreForm(forms.Form):
    cle = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    mot = _mot("Mot d’accompagnement", "La Caf le lira avec le document.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["cle"] = nouvelle_cle()


class _EnvoisField(PlusieursField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj)


class PartagerForm(forms.Form):
    institution = forms.ModelChoiceField(
        label="À qui",
        queryset=Institution.objects.none(),
        empty_label="Choisissez une collectivité",
        error_messages={
            "required": "Choisissez une collectivité.",
            "invalid_choice": "Cette collectivité n’est pas dans la liste.",
        },
    )
    envois = _EnvoisField(
        label="Ce qu’elle pourra lire",
        queryset=Envoi.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins un envoi."},
    )

    def __init__(self, *args: Any, projet: ProjetSocial, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        collectivites = Institution.objects.filter(genre=GenreInstitution.COLLECTIVITE).order_by("nom", "pk")
        self.fields["institution"].queryset = collectivites  # type: ignore[attr-defined]
        self.fields["envois"].queryset = projet.envois.filter(retire_le=None).defer("contenu")  # type: ignore[attr-defined]


class PointForm(Versionne):
    reponse = _mot(
        "Votre réponse", "Ce que vous avez corrigé, et où. La Caf la lira avec la version suivante."
    )
