"""Formulaires de la gouvernance : collèges, mandats, réunions, présences, décisions, preuves."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils import timezone

from maillage.core.formulaires import TexteField, Versionne, champ_de_date
from maillage.projets.choices import GenreCollege, GenrePreuve, VenueEnReunion
from maillage.projets.instances import InstanceLue
from maillage.projets.lecture import lire_arbre
from maillage.projets.models import FicheAction, Mandat, ProjetSocial, Reunion

SIEGES_MAX: Final = 500
GENS_MAX: Final = 5_000
TEXTE_MAX: Final = 40_000
SANS_NOM: Final = "Un prénom ou une fonction. Ni nom de famille, ni téléphone, ni courriel."
AU_DEHORS: Final = (
    "Ce nom sert à préparer et à noter les réunions. Seule l’équipe le lit ; la Caf lit « 3 habitants ». "
    "Il s’efface un an après la fin du mandat."
)


def _nombre(libelle: str, maximum: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=libelle,
        required=False,
        min_value=0,
        max_value=maximum,
        error_messages={
            "invalid": "Écrivez un nombre, comme 8.",
            "min_value": "Écrivez un nombre, zéro au moins.",
            "max_value": f"Ce nombre dépasse {maximum}. Vérifiez-le.",
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": 5}),
    )


class CollegesForm(forms.Form):
    """Un champ par collège : ses sièges."""

    def __init__(self, *args: Any, instance: InstanceLue, **kwargs: Any) -> None:
        kwargs["initial"] = {college.genre: college.sieges or "" for college in instance.colleges}
        super().__init__(*args, **kwargs)
        for genre, libelle in GenreCollege.choices:
            self.fields[genre] = _nombre(str(libelle), SIEGES_MAX)

    @property
    def sieges(self) -> dict[str, int]:
        return {genre: nombre or 0 for genre, nombre in self.cleaned_data.items()}


class MandatForm(forms.Form):
    genre = forms.ChoiceField(label="Collège", choices=GenreCollege.choices)
    nom = forms.CharField(
        label="Prénom ou fonction",
        max_length=80,
        help_text=SANS_NOM,
        error_messages={"required": "Écrivez un prénom ou une fonction."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    fonction = forms.CharField(
        label="Rôle dans l’instance",
        max_length=80,
        required=False,
        help_text="Par exemple : préside, tient le secrétariat.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    du = champ_de_date("Depuis le")
    au = champ_de_date("Jusqu’au", help_text="Le nom s’efface un an après ce jour.")

    @staticmethod
    def valeurs_de(mandat: Mandat) -> dict[str, Any]:
        champs = {champ: getattr(mandat, champ) for champ in ("nom", "fonction", "du", "au")}
        return champs | {"genre": mandat.college.genre}

    @staticmethod
    def pour_un_nouveau(projet: ProjetSocial) -> dict[str, Any]:
        return {"du": max(timezone.localdate(), projet.du), "au": max(projet.au, timezone.localdate())}


class ReunionForm(Versionne):
    le = champ_de_date("Jour")
    heure = forms.TimeField(
        label="Heure",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "Écrivez une heure, comme 18:30."},
    )
    lieu = forms.CharField(label="Lieu", max_length=200, required=False)
    ordre_du_jour = TexteField(
        TEXTE_MAX,
        label="Ordre du jour",
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Un point par ligne, avec un tiret devant.",
    )

    CHAMPS: Final = ("le", "heure", "lieu", "ordre_du_jour")

    @classmethod
    def valeurs_de(cls, reunion: Reunion) -> dict[str, Any]:
        return {champ: getattr(reunion, champ) for champ in cls.CHAMPS}


class CompteRenduForm(Versionne):
    compte_rendu = TexteField(
        TEXTE_MAX,
        label="Compte rendu",
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text="Ce qui s’est dit, sans nom d’habitant. Une ligne vide sépare deux paragraphes.",
    )


class DecisionForm(Versionne):
    texte = TexteField(
        2_000,
        label="Ce qui est décidé",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Une phrase suffit.",
    )
    qui = forms.CharField(
        label="Qui le fait",
        max_length=80,
        required=False,
        help_text="Une fonction, ou un prénom de l’équipe.",
    )
    pour_le = champ_de_date("Pour le", required=False)
    fiche = forms.ModelChoiceField(
        queryset=FicheAction.objects.none(),
        label="Fiche action concernée",
        required=False,
        empty_label="Aucune",
        help_text="La décision prouvera la participation à cette fiche.",
    )

    def __init__(self, *args: Any, projet: ProjetSocial, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["texte"].required = True
        self.fields["texte"].error_messages["required"] = "Écrivez ce qui est décidé."
        self.fields["fiche"].queryset = projet.fiches.all()  # type: ignore[attr-defined]
        self.fields["fiche"].choices = [  # type: ignore[attr-defined]
            ("", "Aucune"),
            *((lue.fiche.pk, str(lue)) for lue in lire_arbre(projet).fiches),
        ]


class PreuveForm(forms.Form):
    genre = forms.ChoiceField(label="Quelle preuve", choices=GenrePreuve.choices)
    le = champ_de_date("Jour")
    texte = forms.CharField(
        label="Ce qui s’est passé",
        max_length=300,
        help_text="Sans nom d’habitant : « Douze voisins choisissent les plantes du jardin. »",
        error_messages={"required": "Dites ce qui s’est passé."},
    )
    habitants = _nombre("Combien d’habitants", GENS_MAX)


# --- La feuille de présence ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LigneDeMembre:
    mandat: Mandat
    champ: BoundField


@dataclass(frozen=True, slots=True)
class GroupeDePresence:
    genre: str
    libelle: str
    membres: list[LigneDeMembre]
    autres: BoundField


class PresencesForm(Versionne):
    """Les membres dont le mandat vaut ce jour-là, un à un ; les autres personnes, en nombre, par collège."""

    def __init__(self, *args: Any, mandats: Iterable[Mandat], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mandats = list(mandats)
        for mandat in self.mandats:
            self.fields[f"m{mandat.pk}"] = forms.ChoiceField(
                label=str(mandat),
                required=False,
                choices=[*VenueEnReunion.choices, ("", "Pas su")],
                widget=forms.RadioSelect,
            )
        for genre, libelle in GenreCollege.choices:
            self.fields[f"autres_{genre}"] = _nombre(f"{libelle} : autres personnes venues", GENS_MAX)

    @staticmethod
    def valeurs_de(reunion: Reunion) -> dict[str, Any]:
        venues = reunion.venues.order_by().values_list("mandat_id", "venue")
        autres = reunion.sans_mandat.order_by().values_list("genre", "nombre")
        return {f"m{mandat}": venue for mandat, venue in venues} | {
            f"autres_{genre}": nombre for genre, nombre in autres
        }

    def groupes(self) -> Iterator[GroupeDePresence]:
        for genre, libelle in GenreCollege.choices:
            siens = [mandat for mandat in self.mandats if mandat.college.genre == genre]
            membres = [LigneDeMembre(mandat, self[f"m{mandat.pk}"]) for mandat in siens]
            yield GroupeDePresence(genre, str(libelle), membres, self[f"autres_{genre}"])

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        if not self.errors and not self.venues and not any(self.sans_mandat.values()):
            raise ValidationError("Notez au moins une personne : un membre, ou un nombre.")
        return donnees

    @property
    def venues(self) -> dict[int, str]:
        dites = {mandat.pk: self.cleaned_data.get(f"m{mandat.pk}", "") for mandat in self.mandats}
        return {mandat: venue for mandat, venue in dites.items() if venue}

    @property
    def sans_mandat(self) -> dict[str, int]:
        return {genre: self.cleaned_data.get(f"autres_{genre}") or 0 for genre in GenreCollege.values}
