"""Décrire un indicateur, et noter sa réponse d'une année."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from maillage.comptes.models import Utilisateur
from maillage.core.francais import nombre
from maillage.projets.choices import Calendrier, Frequence, ListeIndicateur, Niveau
from maillage.projets.equipe import equipe_du_projet
from maillage.projets.forms.nombres import AnneeField, NombreField
from maillage.projets.indicateurs import AnneeLue
from maillage.projets.models import FicheAction, Indicateur
from maillage.projets.operations.indicateurs import cibles_figees
from maillage.projets.operations.releves import VIDES, Saisie, champs_de, empreinte_des_champs

EXEMPLES = {
    ListeIndicateur.QUANTITATIVE: "Par exemple : « Nombre de permanences tenues ».",
    ListeIndicateur.QUALITATIVE: "Par exemple : « Les gens refont-ils le geste seuls ? ».",
}
METHODES = {
    ListeIndicateur.QUANTITATIVE: "Par exemple : « Le cahier de l’accueil ».",
    ListeIndicateur.QUALITATIVE: "Par exemple : « Un questionnaire en juin, relu avec trois habitants ».",
}
QUANTITATIFS = ("unite", "depart", "depart_annee")


class ResponsableField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.get_full_name())


class IndicateurForm(forms.Form):
    libelle = forms.CharField(
        label="Ce que vous regarderez",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Dites ce que vous regarderez, en une phrase."},
    )
    unite = forms.CharField(
        label="Unité", help_text="Par exemple : personnes, ateliers, %.", max_length=60, required=False
    )
    depart = NombreField("12", label="Valeur de départ", help_text="Avant le projet, si vous la connaissez.")
    depart_annee = AnneeField(label="Année du départ")
    methode = forms.CharField(label="D’où vient la réponse", max_length=2000, required=False)
    frequence = forms.ChoiceField(label="Quand le noter", choices=Frequence.choices)
    calendrier = forms.ChoiceField(label="Sur quelle année compter", choices=Calendrier.choices)
    responsable = ResponsableField(
        label="Qui le suit",
        queryset=Utilisateur.objects.none(),
        required=False,
        empty_label="Personne encore",
    )

    def __init__(
        self, data: Any = None, *, fiche: FicheAction, liste: str, indicateur: Indicateur | None = None
    ) -> None:
        modele = indicateur or Indicateur(fiche=fiche, liste=liste)
        initiales = {nom: getattr(modele, nom) for nom in self.base_fields}
        posees = {cible.annee: cible.valeur for cible in indicateur.cibles.all()} if indicateur else {}
        self.liste = liste
        self.annees = sorted({*fiche.projet.annees, *posees})
        self.figees = cibles_figees(indicateur) if indicateur else {}
        super().__init__(
            data, initial=initiales | {f"cible_{annee}": valeur for annee, valeur in posees.items()}
        )
        champs: Any = self.fields
        champs["responsable"].queryset = equipe_du_projet(fiche.projet)
        champs["libelle"].help_text = EXEMPLES[ListeIndicateur(liste)]
        champs["methode"].help_text = METHODES[ListeIndicateur(liste)]
        if liste == ListeIndicateur.QUALITATIVE:
            for nom in QUANTITATIFS:
                del self.fields[nom]
            return
        for annee in self.annees:
            champ = NombreField(label=f"Cible {annee}", disabled=annee in self.figees)
            if annee in self.figees:
                champ.help_text = "Partie avec le dossier : elle ne change plus."
            self.fields[f"cible_{annee}"] = champ

    def clean(self) -> dict[str, Any]:
        ecrits: dict[str, Any] = super().clean() or {}
        if ecrits.get("depart") is not None and not ecrits.get("depart_annee"):
            self.add_error("depart_annee", "Dites de quelle année est la valeur de départ, par exemple 2024.")
        return ecrits

    @property
    def les_cibles(self) -> list[Any]:
        return [self[nom] for nom in self.fields if nom.startswith("cible_")]

    @property
    def le_depart(self) -> list[Any]:
        return [self[nom] for nom in ("depart", "depart_annee") if nom in self.fields]

    @property
    def champs(self) -> dict[str, Any]:
        return {
            nom: valeur
            for nom, valeur in self.cleaned_data.items()
            if nom in self.base_fields and nom in self.fields
        }

    @property
    def cibles(self) -> dict[int, Decimal | None]:
        return {
            annee: self.cleaned_data[f"cible_{annee}"]
            for annee in self.annees
            if f"cible_{annee}" in self.cleaned_data and annee not in self.figees
        }


class ReleveForm(forms.Form):
    """La réponse d'une année : un nombre, et sa raison s'il corrige un calcul ; ou un degré, des mots, une parole."""

    valeur = NombreField(label="Valeur")
    motif = forms.CharField(label="Pourquoi corriger le calcul", max_length=1000, required=False)
    niveau = forms.ChoiceField(
        label="Votre réponse",
        choices=[*Niveau.choices, ("", "Pas encore")],
        required=False,
        widget=forms.RadioSelect,
    )
    mots = forms.CharField(
        label="En quelques mots", max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    parole = forms.CharField(
        label="Une parole entendue",
        help_text="Telle quelle, sans le nom de la personne.",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    juge_par = forms.CharField(
        label="Qui en a jugé",
        help_text="Par exemple : « Farid et quatre parents ».",
        max_length=200,
        required=False,
    )
    juge_le = forms.DateField(
        label="Quand",
        required=False,
        error_messages={"invalid": "Écrivez la date ainsi : 30/06/2025."},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    lu = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)

    def __init__(self, lue: AnneeLue, data: Any = None) -> None:
        self.lue = lue
        releve = lue.releve
        gardes = champs_de(lue.indicateur)
        initiales = {nom: getattr(releve, nom) for nom in gardes} if releve else {}
        super().__init__(data, prefix=f"i{lue.indicateur.pk}", initial=initiales)
        for nom in [nom for nom in self.fields if nom not in {*gardes, "lu"}]:
            del self.fields[nom]
        if lue.indicateur.est_quantitatif:
            champs: Any = self.fields
            unite = f", en {lue.indicateur.unite}" if lue.indicateur.unite else ""
            champs["valeur"].label = f"{'Corriger' if lue.calculee else 'Valeur'} {lue.annee}{unite}"
            if lue.calculee is None and not initiales.get("motif"):
                del self.fields["motif"]
        self.initial["lu"] = self.actuelle

    def add_prefix(self, field_name: str) -> str:
        """« lu_i12 » : le nom que le script de l'écriture lui donne (`brouillon.js`)."""
        return f"lu_{self.prefix}" if field_name == "lu" else super().add_prefix(field_name)

    @property
    def actuelle(self) -> str:
        """L'empreinte de ce qui est noté maintenant, sur les champs de ce formulaire."""
        notes = {nom: self.initial.get(nom, VIDES.get(nom, "")) for nom in self.fields if nom != "lu"}
        return empreinte_des_champs(notes)

    def clean(self) -> dict[str, Any]:
        """La raison est demandée au champ, comme l'opération l'exigera."""
        ecrits: dict[str, Any] = super().clean() or {}
        calculee, valeur = self.lue.calculee, ecrits.get("valeur")
        if (
            calculee is not None
            and valeur is not None
            and valeur != calculee.valeur
            and not ecrits.get("motif")
        ):
            self.add_error(
                "motif",
                ValidationError(
                    f"Maillage a compté {nombre(calculee.valeur)}. Dites pourquoi vous corrigez : les deux restent."
                ),
            )
        return ecrits

    @property
    def saisie(self) -> Saisie:
        champs = {nom: valeur for nom, valeur in self.cleaned_data.items() if nom != "lu"}
        return Saisie(self.lue.indicateur, self.cleaned_data["lu"], champs)
