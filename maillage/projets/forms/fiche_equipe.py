"""Autour d'une fiche : une étape datée, une relecture, ce que l'on reprend d'une expérience."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from maillage.catalogue.models import Experience
from maillage.comptes.models import Utilisateur
from maillage.core.formulaires import TexteField
from maillage.projets.champs import CHAMPS
from maillage.projets.equipe import equipe_du_projet
from maillage.projets.models import Etape, FicheAction, ProjetSocial
from maillage.projets.operations.inspirations import a_reprendre

MOT_MAX = 2_000
_DATE = {"type": "date"}


class EtapeDateeForm(forms.Form):
    titre = forms.CharField(label="Ce qu’il faut faire", max_length=200)
    du = forms.DateField(label="Début", widget=forms.DateInput(format="%Y-%m-%d", attrs=_DATE))
    au = forms.DateField(
        label="Fin",
        required=False,
        help_text="Si l’étape dure plus d’un jour.",
        widget=forms.DateInput(format="%Y-%m-%d", attrs=_DATE),
    )
    responsable = forms.ModelChoiceField(
        Utilisateur.objects.none(), label="Qui s’en charge", required=False, empty_label="Toute l’équipe"
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, projet: ProjetSocial, *args: Any, etape: Etape | None = None, **options: Any) -> None:
        if etape is not None:
            options["initial"] = {
                "titre": etape.titre,
                "du": etape.du,
                "au": etape.au,
                "responsable": etape.responsable_id,
                "version": etape.version,
            }
        super().__init__(*args, **options)
        personnes = equipe_du_projet(projet)
        if etape is not None and etape.responsable_id:
            personnes = personnes | Utilisateur.objects.filter(pk=etape.responsable_id)
        champ: Any = self.fields["responsable"]
        champ.queryset = personnes

    def clean_titre(self) -> str:
        return str(self.cleaned_data["titre"]).replace("\0", "")

    def clean(self) -> dict[str, Any]:
        du, au = self.cleaned_data.get("du"), self.cleaned_data.get("au")
        if du and au and au < du:
            self.add_error("au", "L’étape finit avant de commencer. Corrigez une des deux dates.")
        return self.cleaned_data

    def valeurs(self) -> dict[str, Any]:
        return {nom: self.cleaned_data[nom] for nom in ("titre", "du", "au", "responsable")}


class FaireRelireForm(forms.Form):
    demandee_a = forms.ModelChoiceField(
        Utilisateur.objects.none(), label="À relire par", empty_label="Choisissez une personne"
    )
    mot = TexteField(MOT_MAX, label="Un mot pour elle", widget=forms.Textarea(attrs={"rows": "3"}))

    def __init__(self, fiche: FicheAction, sauf: Utilisateur, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        champ: Any = self.fields["demandee_a"]
        champ.queryset = equipe_du_projet(fiche.projet).exclude(pk=sauf.pk)


class AvisForm(forms.Form):
    avis = forms.CharField(
        max_length=MOT_MAX,
        label="Votre avis",
        help_text="Ce qui est clair, ce qui ne l’est pas, ce qui manque.",
        widget=forms.Textarea(attrs={"rows": "5"}),
    )


class RemarqueForm(forms.Form):
    texte = forms.CharField(
        label="Un mot à l’équipe", max_length=MOT_MAX, widget=forms.Textarea(attrs={"rows": "2"})
    )
    champ = forms.ChoiceField(
        label="À propos de",
        choices=[("", "Toute la fiche"), *((nom, champ.libelle) for nom, champ in CHAMPS.items())],
        required=False,
    )

    def clean_texte(self) -> str:
        if not (texte := str(self.cleaned_data["texte"]).replace("\0", "").strip()):
            raise ValidationError("Écrivez votre mot avant de le laisser.")
        return texte


class InspirationForm(forms.Form):
    """`fiches` : celles que l'on peut compléter ; `projets` : ceux où en commencer une."""

    vers = forms.ChoiceField(label="Dans quelle fiche")
    champs = forms.MultipleChoiceField(
        label="Ce que vous reprenez",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Chaque passage repris dit d’où il vient. Vous le changerez ensuite.",
    )

    def __init__(
        self,
        experience: Experience,
        fiches: Iterable[FicheAction],
        projets: Iterable[ProjetSocial],
        *args: Any,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.fiches = {f"fiche-{une.pk}": une for une in fiches}
        self.projets = {f"projet-{un.pk}": un for un in projets}
        self._choix("vers", [(cle, f"Une nouvelle fiche, dans « {un} »") for cle, un in self.projets.items()])
        self._choix("vers", [(cle, str(une)) for cle, une in self.fiches.items()])
        self._choix("champs", [(nom, CHAMPS[nom].libelle) for nom in a_reprendre(experience)])

    def _choix(self, nom: str, choix: list[tuple[str, str]]) -> None:
        champ: Any = self.fields[nom]
        champ.choices = [*champ.choices, *choix]

    def fiche_choisie(self) -> FicheAction | None:
        return self.fiches.get(self.cleaned_data["vers"])

    def projet_choisi(self) -> ProjetSocial:
        return self.projets[self.cleaned_data["vers"]]
