"""Une demande à suivre : ce qu'il reste à faire, pour quand, et de quoi rappeler."""

from typing import Any

from django import forms

from maillage.accueil.choices import EtatSuivi
from maillage.accueil.models import DemandeASuivre, Passage
from maillage.catalogue.texte_libre import TexteLibreForm
from maillage.comptes.models import Appartenance, Utilisateur
from maillage.core.formulaires import champ_de_date
from maillage.territoire.models import Structure


class DemandeASuivreForm(TexteLibreForm):
    """`passage` : celui qu'elle prolonge, quand on vient de « Préciser » ; il ne change plus ensuite."""

    libres = ("objet",)
    passage = forms.ModelChoiceField(
        queryset=Passage.objects.none(), to_field_name="cle", required=False, widget=forms.HiddenInput
    )
    objet = forms.CharField(
        label="Ce qu’il reste à faire",
        max_length=200,
        help_text="La demande, sans nom ni santé : « Retrouver le numéro d’allocataire ».",
        error_messages={"required": "Dites ce qu’il reste à faire."},
    )
    a_faire_avant = champ_de_date("À faire avant le")
    responsable = forms.ModelChoiceField(
        queryset=Utilisateur.objects.none(),
        label="Qui s’en occupe",
        required=False,
        empty_label="Personne encore",
    )
    prenom = forms.CharField(
        label="Prénom",
        max_length=80,
        required=False,
        help_text="Seulement pour rappeler. Effacé trois mois après la fin.",
    )
    contact = forms.CharField(
        label="Où rappeler",
        max_length=120,
        required=False,
        help_text="Un téléphone ou un courriel, avec son accord.",
    )

    def __init__(
        self, *args: Any, centre: Structure, suivie: DemandeASuivre | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        tenues = Appartenance.objects.en_cours().filter(structure=centre)
        equipe = Utilisateur.objects.filter(is_active=True, pk__in=tenues.order_by().values("utilisateur"))
        self.fields["responsable"].queryset = equipe.order_by("prenom", "nom", "pk")  # type: ignore[attr-defined]
        self.fields["passage"].queryset = Passage.objects.filter(structure=centre)  # type: ignore[attr-defined]
        if suivie is not None:
            del self.fields["passage"]
            self.initial = {
                nom: getattr(suivie, nom)
                for nom in ("objet", "a_faire_avant", "prenom", "contact", "version")
            } | {"responsable": suivie.responsable_id}


class CloreForm(TexteLibreForm):
    libres = ("issue",)
    etat = forms.ChoiceField(
        label="Elle est",
        widget=forms.RadioSelect,
        choices=[(EtatSuivi.FAIT.value, "Faite"), (EtatSuivi.ABANDONNE.value, "Abandonnée")],
        initial=EtatSuivi.FAIT.value,
    )
    issue = forms.CharField(
        label="Ce qui a été fait",
        max_length=200,
        help_text="En une ligne, sans nom : « Rendez-vous pris avec l’écrivain public ».",
        error_messages={"required": "Dites en une ligne ce qui a été fait."},
    )
