"""Accueillir une initiative, l'écrire, la suivre."""

from typing import Any

from django import forms
from django.utils import timezone

from maillage.activites.choices import EtatInitiative
from maillage.activites.equipe import equipe_du_centre
from maillage.activites.models import Initiative
from maillage.activites.operations.initiatives import SUITES
from maillage.catalogue.texte_libre import TexteLibreForm
from maillage.comptes.models import Utilisateur
from maillage.core.formulaires import champ_de_date
from maillage.personnes.choices import TrancheAge
from maillage.personnes.models import Provenance
from maillage.projets.choices import EtatProjet
from maillage.projets.models import FicheAction
from maillage.territoire.models import Structure


def en_lignes(texte: str) -> list[str]:
    """Une ligne par élément, sans répéter."""
    return list(dict.fromkeys(ligne.strip() for ligne in texte.splitlines() if ligne.strip()))


class InitiativeForm(TexteLibreForm):
    libres = ("titre", "portee_par", "description")
    titre = forms.CharField(
        label="De quoi s’agit-il ?",
        max_length=160,
        help_text="Par exemple : « Un composteur place du Moulin ».",
        error_messages={"required": "Donnez un titre à l’initiative."},
    )
    genre = forms.ChoiceField(label="C’est", choices=Initiative._meta.get_field("genre").choices or ())
    portee_par = forms.CharField(
        label="Portée par",
        max_length=160,
        required=False,
        help_text="Le groupe ou l’association, jamais le nom d’une personne : « Les voisins du Moulin ».",
    )
    fiche = forms.ModelChoiceField(
        queryset=FicheAction.objects.none(),
        label="Elle fait avancer la fiche action",
        required=False,
        empty_label="Aucune pour l’instant",
        help_text="L’initiative comptera dans les indicateurs de cette fiche.",
    )
    nee_le = champ_de_date("Depuis le")
    description = forms.CharField(
        label="Ce que le groupe veut faire",
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Sans nom d’habitant : toute l’équipe lit ce texte.",
    )
    referente = forms.ModelChoiceField(
        queryset=Utilisateur.objects.none(),
        label="Suivie par",
        required=False,
        empty_label="Personne encore",
    )
    age = forms.ChoiceField(
        label="Âge de celles et ceux qui la portent",
        required=False,
        choices=[("", "Tous les âges"), *TrancheAge.choices],
    )
    provenance = forms.ModelChoiceField(
        queryset=Provenance.objects.none(), label="D’où", required=False, empty_label="Tout le territoire"
    )
    instance = forms.CharField(
        label="Née dans une instance",
        max_length=120,
        required=False,
        help_text="Par exemple : « comité d’usagers ».",
    )
    publics = forms.CharField(
        label="Publics",
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Un par ligne, dans vos mots : « familles », « aînés ».",
    )
    partenaires = forms.CharField(
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Un par ligne : « Ville de Valserre ».",
    )

    def __init__(self, *args: Any, structure: Structure, **options: Any) -> None:
        super().__init__(*args, **options)
        champs: dict[str, Any] = self.fields
        champs["nee_le"].initial = timezone.localdate(timezone=structure.fuseau)
        fiches = FicheAction.objects.filter(projet__structure=structure)
        actuelle = self.initial.get("fiche")
        courantes = fiches.filter(projet__etat=EtatProjet.EN_COURS)
        champs["fiche"].queryset = (courantes | fiches.filter(pk=actuelle or 0)).order_by("titre", "pk")
        equipe = equipe_du_centre(structure.pk)
        champs["referente"].queryset = equipe | Utilisateur.objects.filter(
            pk=self.initial.get("referente") or 0
        )
        champs["provenance"].queryset = Provenance.objects.filter(structure=structure)
        if not champs["provenance"].queryset.exists():
            del self.fields["provenance"]

    def clean_publics(self) -> list[str]:
        return en_lignes(self.cleaned_data["publics"])

    def clean_partenaires(self) -> list[str]:
        return en_lignes(self.cleaned_data["partenaires"])

    @property
    def valeurs(self) -> dict[str, Any]:
        return {champ: valeur for champ, valeur in super().valeurs.items() if champ != "partenaires"}

    @classmethod
    def initiales(cls, initiative: Initiative) -> dict[str, Any]:
        simples = ("titre", "genre", "portee_par", "nee_le", "description", "age", "instance")
        return {
            **{nom: getattr(initiative, nom) for nom in simples},
            "fiche": initiative.fiche_id,
            "referente": initiative.referente_id,
            "provenance": initiative.provenance_id,
            "publics": "\n".join(initiative.publics),
            "partenaires": "\n".join(un.nom for un in initiative.partenaires.all()),
            "version": initiative.version,
        }


class SuiviForm(TexteLibreForm):
    libres = ("mot",)
    le = champ_de_date("Le")
    etat = forms.ChoiceField(label="Où elle en est", required=False)
    mot = forms.CharField(
        label="Un mot",
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Ce qui s’est décidé, la prochaine étape. Sans nom d’habitant.",
    )

    def __init__(self, *args: Any, initiative: Initiative, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["le"].initial = timezone.localdate(timezone=initiative.structure.fuseau)
        champ: Any = self.fields["etat"]
        suites = [(etat.value, etat.label) for etat in SUITES[initiative.etat]]
        champ.choices = [("", f"Toujours : {EtatInitiative(initiative.etat).label.lower()}"), *suites]
