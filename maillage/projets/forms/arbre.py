"""Ce que l'on écrit d'une branche de l'arbre, et où on la range."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from maillage.core.saisie import une_ligne
from maillage.projets.choices import Couleur, GenreProjetSpecifique
from maillage.projets.lecture import Arbre, FicheLue, ObjectifLu
from maillage.projets.models import (
    Axe,
    Enjeu,
    FicheAction,
    Objectif,
    ProjetSocial,
    ProjetSpecifique,
)
from maillage.projets.numerotation import valider_modele

Choix = list[tuple[str, Any]]
Place = ProjetSocial | Axe | Enjeu | Objectif


class TitreForm(forms.Form):
    titre = forms.CharField(label="Titre", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def clean_titre(self) -> str:
        return une_ligne(self.cleaned_data["titre"])


class AxeForm(TitreForm):
    lettre = forms.CharField(
        label="Lettre ou numéro",
        max_length=4,
        help_text="Elle ouvre le numéro de ses fiches : A donne A-01.",
        widget=forms.TextInput(attrs={"size": 4}),
    )
    couleur = forms.ChoiceField(label="Couleur", choices=Couleur.choices)
    est_transversal = forms.BooleanField(label="Cet axe traverse tous les autres", required=False)

    def clean_lettre(self) -> str:
        return cast(str, self.cleaned_data["lettre"]).strip().upper()


class SpecifiqueForm(forms.Form):
    genre = forms.ChoiceField(label="Genre", choices=GenreProjetSpecifique.choices)
    nom = forms.CharField(label="Nom", max_length=200)
    presentation = forms.CharField(
        label="En quelques phrases", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class FichesForm(SpecifiqueForm):
    """Et les fiches qu'il réunit."""

    fiches = forms.MultipleChoiceField(
        label="Ses fiches", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, arbre: Arbre, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._fiches = {str(lue.fiche.pk): lue.fiche for lue in arbre.fiches}
        champ = cast(forms.MultipleChoiceField, self.fields["fiches"])
        champ.choices = [(str(lue.fiche.pk), str(lue)) for lue in arbre.fiches]

    @property
    def choisies(self) -> list[FicheAction]:
        return [self._fiches[cle] for cle in self.cleaned_data["fiches"]]


class PlaceForm(forms.Form):
    """Sous quoi ranger. `places` : ce que l'on peut choisir, dans l'ordre de l'arbre."""

    sous = forms.ChoiceField(label="Ranger sous")

    def __init__(self, *args: Any, places: "Places", mots: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = places
        champ = cast(forms.ChoiceField, self.fields["sous"])
        champ.choices = places.choix
        champ.label = mots or champ.label

    @property
    def place_choisie(self) -> Place:
        return self.places.de[self.cleaned_data["sous"]]


class DeplacerForm(PlaceForm):
    place = forms.IntegerField(
        label="Place",
        required=False,
        min_value=1,
        max_value=999,
        help_text="1 la met en premier. Laissez vide pour la mettre à la fin.",
    )


class AjouterForm(PlaceForm, TitreForm):
    field_order = ("sous", "titre")


class LiensForm(forms.Form):
    """Les autres objectifs qu'une fiche sert, et les projets spécifiques où elle se lit."""

    objectifs = forms.MultipleChoiceField(
        label="Elle sert aussi ces objectifs", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, arbre: Arbre, lue: FicheLue, **kwargs: Any) -> None:
        autres = [str(objectif.pk) for objectif in lue.autres_objectifs]
        super().__init__(*args, **{"initial": {"objectifs": autres}, **kwargs})
        places = Places.d_une_fiche(arbre)
        objectifs = [
            (cle.removeprefix("objectif-"), place)
            for cle, place in places.de.items()
            if isinstance(place, Objectif) and place != lue.objectif
        ]
        self._objectifs = {cle: place for cle, place in objectifs if isinstance(place, Objectif)}
        champ = cast(forms.MultipleChoiceField, self.fields["objectifs"])
        champ.choices = [
            (cle, f"{place.enjeu.axe.lettre} · {place}") for cle, place in self._objectifs.items()
        ]

    @property
    def choisis(self) -> list[Objectif]:
        return [self._objectifs[cle] for cle in self.cleaned_data["objectifs"]]


class LecturesForm(forms.Form):
    specifiques = forms.MultipleChoiceField(
        label="Elle se lit aussi dans", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, specifiques: list[ProjetSpecifique], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._specifiques = {str(un.pk): un for un in specifiques}
        champ = cast(forms.MultipleChoiceField, self.fields["specifiques"])
        champ.choices = [(cle, un.nom) for cle, un in self._specifiques.items()]

    @property
    def choisis(self) -> list[ProjetSpecifique]:
        return [self._specifiques[cle] for cle in self.cleaned_data["specifiques"]]


class ModeleForm(forms.Form):
    modele = forms.CharField(
        label="Modèle de numéro",
        max_length=40,
        help_text="{axe} est la lettre de l’axe, {rang} la place dans l’axe, {rang:02} la même sur deux chiffres.",
    )

    def clean_modele(self) -> str:
        modele = cast(str, self.cleaned_data["modele"]).strip()
        try:
            valider_modele(modele)
        except ValidationError as refus:
            raise forms.ValidationError(refus.messages) from refus
        return modele


class Places:
    """Les places possibles : clé → objet, et les mêmes rangées par axe pour une liste à choisir."""

    def __init__(self) -> None:
        self.de: dict[str, Place] = {}
        self.choix: Choix = []

    @classmethod
    def d_une_fiche(cls, arbre: Arbre, sauf: Place | None = None) -> "Places":
        """Objectifs par axe, l'axe seul, et « à ranger ». `sauf` : une branche qui va disparaître."""
        places = cls()
        for axe in arbre.axes:
            if axe.axe == sauf:
                continue
            groupe: Choix = []
            for enjeu in axe.enjeux:
                if enjeu.enjeu == sauf:
                    continue
                for lu in enjeu.objectifs:
                    places._ranger(groupe, lu, sauf, "")
            places._poser(groupe, axe.axe, "Dans l’axe, sans objectif")
            places.choix.append((f"Axe {axe.axe}", groupe))
        places._poser(places.choix, arbre.projet, "À ranger plus tard")
        return places

    @classmethod
    def d_un_objectif(cls, arbre: Arbre, sauf: Objectif | None = None, *, generaux: bool = True) -> "Places":
        """Un enjeu (objectif général), ou un objectif général (objectif opérationnel)."""
        places = cls()
        for axe in arbre.axes:
            groupe: Choix = []
            for enjeu in axe.enjeux:
                if enjeu.enjeu.titre:
                    places._poser(groupe, enjeu.enjeu, f"Enjeu {enjeu.numero}. {enjeu.enjeu.titre}")
                if generaux:
                    for lu in enjeu.objectifs:
                        if lu.objectif != sauf:
                            places._poser(
                                groupe, lu.objectif, f"— Objectif opérationnel de : {lu.objectif.titre}"
                            )
            places._poser(groupe, axe.axe, "Droit sous l’axe, sans enjeu")
            places.choix.append((f"Axe {axe.axe}", groupe))
        return places

    @classmethod
    def d_un_enjeu(cls, arbre: Arbre) -> "Places":
        places = cls()
        for axe in arbre.axes:
            places._poser(places.choix, axe.axe, f"Axe {axe.axe}")
        return places

    @classmethod
    def d_un_axe(cls, arbre: Arbre) -> "Places":
        places = cls()
        places._poser(places.choix, arbre.projet, "Le projet")
        return places

    def _ranger(self, groupe: Choix, lu: ObjectifLu, sauf: Place | None, retrait: str) -> None:
        if lu.objectif == sauf:
            return
        self._poser(groupe, lu.objectif, f"{retrait}{lu.objectif.titre}")
        for operationnel in lu.operationnels:
            self._ranger(groupe, operationnel, sauf, "— ")

    def _poser(self, groupe: Choix, place: Place, mots: str) -> None:
        cle = cle_de(place)
        self.de[cle] = place
        groupe.append((cle, mots))


def cle_de(chose: Place | FicheAction) -> str:
    """« objectif-12 » ; « projet » pour le projet même."""
    genres: dict[type, str] = {Axe: "axe", Enjeu: "enjeu", Objectif: "objectif", FicheAction: "fiche"}
    genre = genres.get(type(chose))
    return f"{genre}-{chose.pk}" if genre else "projet"
