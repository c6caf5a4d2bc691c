"""Le formulaire d'une fiche : les seuls champs ouverts, chacun avec son but et sa durée."""

import re
from typing import Any, Final

from django import forms

from maillage.core.formulaires import Versionne, champ_de_date
from maillage.personnes.choices import GENRE_D_UNE_PERSONNE, ChampDePersonne, LienDeFoyer, TrancheQuotient
from maillage.personnes.conservation import champ_de_la_fiche
from maillage.personnes.durees import jours_gardes, raccourcir
from maillage.personnes.models import Personne, Provenance


def aide(nom: str, jours: int) -> str:
    """« Sert à prévenir d’un changement. Gardé deux ans après le dernier signe de vie. »"""
    donnee = champ_de_la_fiche(nom)
    return f"Sert à {donnee.but}. Gardé {raccourcir(donnee.duree, jours)}."


class PublicsField(forms.CharField):
    """Des mots du centre, séparés par des virgules."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        mots = [mot.strip()[:40] for mot in re.split(r"[,;]", super().clean(value) or "")]
        return list(dict.fromkeys(mot for mot in mots if mot))


def _texte(longueur: int, **options: Any) -> forms.CharField:
    return forms.CharField(max_length=longueur, required=False, **options)


CHAMPS: Final[dict[ChampDePersonne, Any]] = {
    ChampDePersonne.PRENOM: lambda: _texte(80),
    ChampDePersonne.NOM: lambda: _texte(80),
    ChampDePersonne.GENRE: lambda: forms.ChoiceField(
        choices=[("", "Non dit"), *GENRE_D_UNE_PERSONNE], required=False
    ),
    ChampDePersonne.NAISSANCE: lambda: forms.IntegerField(
        min_value=1900, required=False, widget=forms.NumberInput(attrs={"inputmode": "numeric"})
    ),
    ChampDePersonne.TELEPHONE: lambda: _texte(20, widget=forms.TextInput(attrs={"type": "tel"})),
    ChampDePersonne.COURRIEL: lambda: forms.EmailField(required=False),
    ChampDePersonne.ADRESSE: lambda: _texte(200),
    ChampDePersonne.PROVENANCE: lambda: forms.ModelChoiceField(
        Provenance.objects.none(), required=False, empty_label="Non dit"
    ),
    ChampDePersonne.PUBLICS: lambda: PublicsField(required=False, max_length=200),
    ChampDePersonne.QUOTIENT: lambda: forms.ChoiceField(
        choices=[("", "Non dite"), *TrancheQuotient.choices], required=False
    ),
    ChampDePersonne.ADHESION: lambda: champ_de_date("", required=False),
    ChampDePersonne.AUTORISES: lambda: _texte(200),
}


class PersonneForm(Versionne):
    """`ouverts` : les champs que le centre note. Les autres ne sont pas dans la page."""

    def __init__(
        self, *args: Any, structure_id: int, ouverts: set[str], personne: Personne | None = None, **kw: Any
    ) -> None:
        if personne is not None:
            dites = {nom: getattr(personne, nom) for nom in ouverts}
            kw["initial"] = {"version": personne.version, **dites}
        super().__init__(*args, **kw)
        jours = jours_gardes(structure_id)
        for champ, fabrique in CHAMPS.items():
            if champ in ouverts:
                self.fields[champ] = fabrique()
                self.fields[champ].label = champ.label
                self.fields[champ].help_text = aide(champ, jours)
                self.fields[champ].widget.attrs["autocomplete"] = "off"
        if ChampDePersonne.PROVENANCE in ouverts:
            lieux: Any = self.fields[ChampDePersonne.PROVENANCE]
            lieux.queryset = Provenance.objects.filter(structure=structure_id)
        self.order_fields([*CHAMPS, "version"])


class LienForm(forms.Form):
    """Le foyer d'une personne : son nom, et ce que cette personne y est."""

    nom = forms.CharField(
        label="Nom du foyer",
        max_length=120,
        required=False,
        help_text="Par exemple : « Foyer Berger, chez la mère ». Vide : le nom de la personne.",
    )
    lien = forms.ChoiceField(label="Son lien", choices=LienDeFoyer.choices)


class JoindreForm(forms.Form):
    personne = forms.ModelChoiceField(
        Personne.objects.none(),
        label="Qui",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "Choisissez une personne de la liste."},
    )
    lien = forms.ChoiceField(label="Son lien", choices=LienDeFoyer.choices)

    def __init__(self, *args: Any, proposees: list[Personne], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["personne"]
        champ.queryset = Personne.objects.filter(pk__in=[p.pk for p in proposees])
