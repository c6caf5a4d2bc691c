"""Nommer une collection, la présenter, la partager."""

from typing import Any

from django import forms

from maillage.catalogue.models import Collection, ElementCollection
from maillage.comptes.models import Utilisateur
from maillage.comptes.permissions import structures_de
from maillage.territoire.models import Structure

A_MOI = "moi"
LONGUEUR_NOTE = 2_000


def proprietaires(utilisateur: Utilisateur, collection: Collection | None = None) -> list[tuple[str, str]]:
    """À qui la collection peut être : à soi (si elle l'est déjà, ou se crée), ou à une de ses structures."""
    siennes = Structure.objects.filter(pk__in=structures_de(utilisateur)).order_by("nom", "pk")
    choix = [(str(structure.pk), structure.nom) for structure in siennes]
    a_soi = collection is None or collection.auteur_id == utilisateur.pk
    return [(A_MOI, "À moi seulement"), *choix] if a_soi else choix


class NouvelleCollectionForm(forms.Form):
    titre = forms.CharField(
        label="Titre de la collection",
        help_text="Par exemple : « Aller vers les aînés isolés ».",
        max_length=200,
        error_messages={"required": "Donnez un titre à la collection."},
    )
    structure = forms.ChoiceField(label="À qui est-elle ?")

    def __init__(self, *args: Any, par: Utilisateur, **options: Any) -> None:
        super().__init__(*args, **options)
        choix = proprietaires(par)
        champ: Any = self.fields["structure"]
        champ.choices = choix
        if len(choix) == 1:
            del self.fields["structure"]

    @property
    def proprietaire(self) -> Structure | None:
        choisie: str = self.cleaned_data.get("structure", A_MOI)
        return None if choisie == A_MOI else Structure.objects.get(pk=int(choisie))


class CollectionForm(NouvelleCollectionForm):
    note = forms.CharField(
        label="Présentation",
        help_text="Pour qui, pourquoi ces fiches ensemble. Elle ouvre la page et le document.",
        max_length=LONGUEUR_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    est_partagee = forms.BooleanField(
        label="Partagée : chacun peut la lire avec son adresse, sans compte",
        help_text="Sinon, elle n’est lue que par vous, ou par les personnes de votre structure.",
        required=False,
    )
    field_order = ("titre", "note", "structure", "est_partagee")

    def __init__(self, *args: Any, collection: Collection, par: Utilisateur) -> None:
        initiales = {
            "titre": collection.titre,
            "note": collection.note,
            "est_partagee": collection.est_partagee,
            "structure": str(collection.structure_id or A_MOI),
        }
        super().__init__(*args, par=par, initial=initiales)
        champ: Any = self.fields.get("structure")
        if champ:
            champ.choices = proprietaires(par, collection)


class NoteForm(forms.Form):
    """Pourquoi cette fiche est dans la collection."""

    note = forms.CharField(
        label="Pourquoi cette fiche",
        max_length=LONGUEUR_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, element: ElementCollection, donnees: Any = None) -> None:
        self.element = element
        super().__init__(donnees, prefix=f"e{element.pk}", initial={"note": element.note})
