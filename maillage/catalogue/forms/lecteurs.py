"""Ce qu'un lecteur écrit : un commentaire, un essai, un message au centre, une alerte."""

from typing import Any

from django import forms

from maillage.catalogue.choices import FrequenceAlerte
from maillage.core.anti_spam import FormulairePublic
from maillage.moderation.choices import ResultatEssai

TEXTE_MAX = 3_000
COURRIEL = "Il n’est jamais montré. Il sert à vous répondre, puis s’efface au bout d’un an."


class _SigneForm(FormulairePublic):
    """Une personne connectée n'a pas à redire son nom."""

    signature = forms.CharField(
        label="Votre nom, ou un pseudonyme",
        help_text="C’est ce que les autres verront.",
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
        error_messages={"required": "Signez d’un nom ou d’un pseudonyme : il sera affiché."},
    )
    courriel = forms.EmailField(
        label="Votre courriel",
        help_text=COURRIEL,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": "Écrivez une adresse complète, comme prenom@exemple.fr."},
    )

    def __init__(self, *args: Any, est_connecte: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if est_connecte:
            del self.fields["signature"], self.fields["courriel"]


class CommentaireForm(_SigneForm):
    texte = forms.CharField(
        label="Votre commentaire",
        help_text="Une question, une précision, un encouragement.",
        max_length=TEXTE_MAX,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Écrivez votre commentaire avant d’envoyer."},
    )
    field_order = ("texte", "signature", "courriel")


class EssaiForm(_SigneForm):
    lieu = forms.CharField(
        label="Où vous avez essayé",
        help_text="Le nom de la structure et de la commune, par exemple.",
        max_length=150,
        error_messages={"required": "Dites où vous avez essayé : c’est ce que les autres cherchent."},
    )
    resultat = forms.ChoiceField(
        label="Avec quel résultat",
        choices=ResultatEssai.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez un résultat, même provisoire."},
    )
    texte = forms.CharField(
        label="Ce qui a marché, ce qui n’a pas marché",
        help_text="Ce que vous avez changé, ce que vous feriez autrement, ce qui vous a aidés.",
        max_length=TEXTE_MAX,
        widget=forms.Textarea(attrs={"rows": 7}),
        error_messages={"required": "Dites en quelques mots ce qui s’est passé."},
    )
    field_order = ("lieu", "resultat", "texte", "signature", "courriel")


class ContactForm(FormulairePublic):
    message = forms.CharField(
        label="Votre message",
        max_length=TEXTE_MAX,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "Écrivez votre message avant d’envoyer."},
    )
    nom = forms.CharField(
        label="Votre nom",
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Dites qui vous êtes : le centre vous répondra mieux."},
    )
    courriel = forms.EmailField(
        label="Votre courriel",
        help_text="Le centre le verra, pour vous répondre directement.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": "Sans courriel, le centre ne peut pas vous répondre.",
            "invalid": "Écrivez une adresse complète, comme prenom@exemple.fr.",
        },
    )
    veut_une_copie = forms.BooleanField(label="M’envoyer une copie", required=False)

    def __init__(self, *args: Any, est_connecte: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if est_connecte:
            del self.fields["nom"], self.fields["courriel"]


class AlerteForm(FormulairePublic):
    courriel = forms.EmailField(
        label="Votre courriel",
        help_text="Nous vous y enverrons d’abord un lien à confirmer. Rien ne part avant.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": "Écrivez l’adresse où recevoir les nouvelles fiches.",
            "invalid": "Écrivez une adresse complète, comme prenom@exemple.fr.",
        },
    )
    frequence = forms.ChoiceField(
        label="À quel rythme",
        choices=FrequenceAlerte.choices,
        initial=FrequenceAlerte.HEBDOMADAIRE,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez un rythme."},
    )


class FrequenceForm(forms.Form):
    frequence = forms.ChoiceField(
        label="À quel rythme", choices=FrequenceAlerte.choices, widget=forms.RadioSelect
    )


class ReponseForm(forms.Form):
    reponse = forms.CharField(
        label="Votre réponse, au nom du centre",
        help_text="Chacun la lira. Laissez vide pour retirer une réponse déjà donnée.",
        required=False,
        max_length=TEXTE_MAX,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
