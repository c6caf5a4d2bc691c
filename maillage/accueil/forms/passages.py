"""Ce que le comptoir envoie : un passage, puis ce qui le précise."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid5

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy

from maillage.accueil.choices import Canal, Suite
from maillage.accueil.models import Passage, TypeDeDemande
from maillage.accueil.operations.passages import NOMBRE_MAXIMUM
from maillage.accueil.operations.rattrapage import CASE_MAXIMUM
from maillage.core.formulaires import PlusieursField, champ_de_date
from maillage.core.saisie import une_ligne
from maillage.personnes.choices import BandeAge, Genre
from maillage.personnes.models import Provenance
from maillage.territoire.models import Partenaire, Site, Structure

NON_DIT = ("", "Non dit")
OUI_NON = {"oui": True, "non": False, "": None}


class LieuForm(forms.Form):
    """Un lieu du centre ; rien à choisir quand il n'en a qu'un."""

    site = forms.ModelChoiceField(
        queryset=Site.objects.none(), required=False, label="Lieu", empty_label="Lieu non dit"
    )

    def __init__(self, *args: Any, centre: Structure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.centre = centre
        self.fields["site"].queryset = Site.objects.filter(structure=centre)  # type: ignore[attr-defined]


class EnvoiForm(forms.Form):
    """`cle` : celle que l'appareil a posée. `le` : l'instant du geste, quand il l'a gardé."""

    cle = forms.UUIDField(required=False)
    le = forms.DateTimeField(required=False, input_formats=["%Y-%m-%dT%H:%M:%S.%fZ"])

    def clean_le(self) -> datetime | None:
        """Toujours à l'heure universelle : le « Z » de l'appareil."""
        lu = self.cleaned_data["le"]
        return lu.replace(tzinfo=UTC) if lu else None


class ReprendreForm(EnvoiForm):
    cle = forms.UUIDField()


class NoterForm(EnvoiForm, LieuForm):
    """Un appui. Sans script, `jeton` est celui de la page : la clé du passage en vient, une par type."""

    types = PlusieursField(
        queryset=TypeDeDemande.objects.none(),
        error_messages={
            "required": "Choisissez ce que la personne demande.",
            "invalid_choice": "Ce type de demande n’est pas de ce centre. Rechargez la page.",
            "invalid_pk_value": "Ce type de demande n’est pas de ce centre. Rechargez la page.",
        },
    )
    jeton = forms.UUIDField(required=False)
    nombre = forms.IntegerField(required=False, min_value=1, max_value=NOMBRE_MAXIMUM, label="Personnes")

    def __init__(self, *args: Any, centre: Structure, **kwargs: Any) -> None:
        super().__init__(*args, centre=centre, **kwargs)
        # Retiré depuis, un type garde les passages qu'un appareil sans réseau envoie tard.
        self.fields["types"].queryset = TypeDeDemande.objects.filter(structure=centre)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        lus = super().clean() or {}
        jeton, types = lus.pop("jeton", None), lus.get("types")
        if not lus.get("cle"):
            if jeton is None or not types:
                raise ValidationError("Ce passage est arrivé incomplet. Rechargez la page, puis recommencez.")
            lus["cle"] = uuid5(jeton, str(types[0].pk))
        lus["nombre"] = lus.get("nombre") or 1
        return lus


class PreciserForm(LieuForm):
    """Tout est facultatif : le passage est déjà compté."""

    canal = forms.ChoiceField(
        label="La personne", choices=Canal.choices, widget=forms.RadioSelect, required=False
    )
    suite = forms.ChoiceField(
        label="Suite", choices=[*Suite.choices, NON_DIT], widget=forms.RadioSelect, required=False
    )
    oriente_vers = forms.CharField(
        label="Vers quel partenaire ?",
        required=False,
        max_length=200,
        help_text="Tapez deux lettres : l’annuaire propose.",
        widget=forms.TextInput(attrs={"data-suggestions": reverse_lazy("comptoir_partenaires")}),
    )
    premiere_visite = forms.ChoiceField(
        label="Première visite", choices=[("oui", "Oui"), ("non", "Non"), NON_DIT], required=False
    )
    besoin_de_langue = forms.CharField(
        label="Langue, si besoin", required=False, max_length=40, help_text="Par exemple : arabe, LSF."
    )
    bande = forms.ChoiceField(label="Âge", choices=[NON_DIT, *BandeAge.choices], required=False)
    genre = forms.ChoiceField(label="Genre", choices=[NON_DIT, *Genre.choices], required=False)
    provenance = forms.ModelChoiceField(
        queryset=Provenance.objects.none(), label="D’où vient-elle ?", required=False, empty_label="Non dit"
    )
    nombre = forms.IntegerField(
        label="Nombre de personnes", required=False, min_value=1, max_value=NOMBRE_MAXIMUM
    )
    types = PlusieursField(
        queryset=TypeDeDemande.objects.none(),
        label="Ce que la personne demande",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, centre: Structure, passage: Passage | None = None, **kwargs: Any) -> None:
        super().__init__(*args, centre=centre, **kwargs)
        siens = {demande.type_id for demande in passage.demandes.all()} if passage else set()
        types = TypeDeDemande.objects.filter(structure=centre)
        self.fields["types"].queryset = types.proposes() | types.filter(pk__in=siens)  # type: ignore[attr-defined]
        # Absent de la page, un champ reviendrait vide et ôterait le lieu que le comptoir a noté.
        if self.fields["site"].queryset.count() <= 1:  # type: ignore[attr-defined]
            del self.fields["site"]
        provenances = Provenance.objects.filter(structure=centre)
        self.fields["provenance"].queryset = provenances  # type: ignore[attr-defined]
        if passage is not None:
            self.initial = {
                "types": siens,
                "site": passage.site_id,
                "oriente_vers": str(passage.oriente_vers or ""),
                "premiere_visite": {True: "oui", False: "non", None: ""}[passage.premiere_visite],
                "provenance": passage.provenance_id,
                **{
                    nom: getattr(passage, nom)
                    for nom in ("canal", "suite", "besoin_de_langue", "bande", "genre", "nombre")
                },
            }

    def clean_oriente_vers(self) -> Partenaire | None:
        nom = une_ligne(self.cleaned_data["oriente_vers"])
        if not nom:
            return None
        trouve = Partenaire.objects.filter(nom__iexact=nom).first()
        if trouve is None:
            raise ValidationError("Ce partenaire n’est pas dans l’annuaire. Choisissez-en un qu’il propose.")
        return trouve

    def clean_premiere_visite(self) -> bool | None:
        return OUI_NON[self.cleaned_data["premiere_visite"]]

    def clean_canal(self) -> str:
        return self.cleaned_data["canal"] or Canal.VENUE

    def clean_nombre(self) -> int:
        return self.cleaned_data["nombre"] or 1

    def clean(self) -> dict[str, Any]:
        """Un partenaire choisi dit la suite : on ne la demande pas deux fois."""
        lus = super().clean() or {}
        if lus.get("oriente_vers") and not lus.get("suite"):
            lus["suite"] = Suite.ORIENTE
        if lus.get("suite") != Suite.ORIENTE:
            lus["oriente_vers"] = None
        return lus


class JourForm(forms.Form):
    le = champ_de_date("Le jour", required=False)

    def jour(self, defaut: date) -> date:
        """Le jour demandé ; celui de la page quand l'adresse n'en dit pas, ou en dit un qui n'existe pas."""
        lu = self.cleaned_data.get("le") if self.is_valid() else None
        return lu if lu is not None and 2000 <= lu.year <= 2100 else defaut


class CaseField(forms.IntegerField):
    def __init__(self) -> None:
        super().__init__(
            required=False,
            min_value=0,
            max_value=CASE_MAXIMUM,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            error_messages={
                "invalid": "Écrivez un nombre entier.",
                "min_value": f"Une case va de 0 à {CASE_MAXIMUM}.",
                "max_value": f"Une case va de 0 à {CASE_MAXIMUM}.",
            },
        )


class RattraperForm(LieuForm):
    """Le tableau d'une feuille de papier : une ligne par type, une colonne par moment."""

    le = champ_de_date("Le jour")
    jeton = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, types: list[TypeDeDemande], moments: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.types, self.moments = types, moments
        for un_type in types:
            for cle, dit in moments:
                case = self.fields[f"t{un_type.pk}-{cle}"] = CaseField()
                case.widget.attrs["aria-label"] = f"{un_type}, {dit}"

    def lignes(self) -> list[tuple[TypeDeDemande, list[forms.BoundField]]]:
        return [
            (un_type, [self[f"t{un_type.pk}-{cle}"] for cle, _ in self.moments]) for un_type in self.types
        ]

    def nombres(self) -> list[tuple[TypeDeDemande, str, int]]:
        """(type, moment, nombre) de chaque case remplie."""
        return [
            (un_type, cle, combien)
            for un_type in self.types
            for cle, _ in self.moments
            if (combien := self.cleaned_data[f"t{un_type.pk}-{cle}"])
        ]
