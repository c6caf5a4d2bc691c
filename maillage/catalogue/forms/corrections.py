"""Ce qu'un lecteur propose de changer à une fiche, champ par champ, en partant du texte qu'il lit."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from maillage.catalogue.champs import CHAMPS, Champ, GenreChamp, Valeur, lire_champ
from maillage.catalogue.forms.lecteurs import COURRIEL
from maillage.catalogue.forms.redaction import champ_de_formulaire, choix_de_termes
from maillage.catalogue.models import Experience
from maillage.catalogue.presentation import texte_public
from maillage.core.anti_spam import FormulairePublic
from maillage.core.francais import nombre

TEXTES = (GenreChamp.LONG, GenreChamp.COURT)


def valeur_lue(fiche: Experience, nom: str) -> Valeur:
    """La valeur telle que le lecteur la voit : masquée, et avec des fins de ligne toutes pareilles."""
    if CHAMPS[nom].genre in TEXTES:
        return re.sub(r"\r\n?", "\n", texte_public(fiche, nom)).strip()
    return lire_champ(fiche, nom)


class PartenairesEnLignesField(forms.CharField):
    """Un partenaire par ligne, « Carsat : 6 000 » quand on sait le montant. Vaut ce que `champs` en garde."""

    def __init__(self, libelle: str) -> None:
        super().__init__(
            label=libelle,
            help_text="Un par ligne. Le montant en euros, si vous le savez, après deux points : « Carsat : 6 000 ».",
            required=False,
            max_length=4_000,
            widget=forms.Textarea(attrs={"rows": 5}),
        )

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return "\n".join(
            f"{un['nom']} : {nombre(Decimal(un['montant']))}" if un["montant"] else un["nom"] for un in value
        )

    def clean(self, value: Any) -> Any:
        lignes = [" ".join(ligne.split()) for ligne in super().clean(value).splitlines()]
        return [_partenaire(ligne) for ligne in dict.fromkeys(lignes) if ligne]


def _partenaire(ligne: str) -> dict[str, str]:
    nom, _, montant = ligne.rpartition(":")
    ecrit = re.sub(r"[\s\u00a0\u202f€]|euros?", "", montant).replace(",", ".")
    if nom and re.fullmatch(r"\d{1,9}(\.\d{1,2})?", ecrit):
        return {"nom": nom.strip(), "montant": f"{Decimal(ecrit):.2f}"}
    return {"nom": ligne, "montant": ""}


class CorrectionForm(FormulairePublic):
    """Un champ par champ choisi, puis un mot, un nom et un courriel, tous facultatifs."""

    mot = forms.CharField(
        label="Pourquoi ce changement ?",
        help_text="Ce que vous savez, et comment : la modératrice vérifiera plus vite.",
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    nom = forms.CharField(
        label="Votre nom",
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    courriel = forms.EmailField(
        label="Votre courriel",
        help_text=COURRIEL,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": "Écrivez une adresse complète, comme prenom@exemple.fr."},
    )

    def __init__(
        self, fiche: Experience, choisis: Sequence[str], data: Any = None, *, est_connecte: bool = False
    ) -> None:
        self.lues = {nom: valeur_lue(fiche, nom) for nom in choisis}
        super().__init__(data, initial={f"c_{nom}": valeur for nom, valeur in self.lues.items()})
        if est_connecte:
            del self.fields["nom"], self.fields["courriel"]
        champs = [CHAMPS[nom] for nom in choisis]
        termes = choix_de_termes(champs, self.lues)
        for champ in champs:
            self.fields[f"c_{champ.nom}"] = _entree(champ, self.lues[champ.nom], termes)
        self.order_fields([f"c_{nom}" for nom in choisis])

    def changements(self) -> dict[str, Valeur]:
        """Champ → valeur proposée, pour ceux que le lecteur a changés."""
        proposees = {nom: self.cleaned_data[f"c_{nom}"] for nom in self.lues}
        return {nom: valeur for nom, valeur in proposees.items() if valeur != self.lues[nom]}

    def clean(self) -> dict[str, Any]:
        donnees = super().clean()
        if not self.errors and not self.changements():
            self.add_error(None, "Vous n’avez rien changé. Corrigez au moins un champ, puis envoyez.")
        return donnees


def _entree(champ: Champ, valeur: Valeur, termes: dict[str, list[tuple[str, str]]]) -> forms.Field:
    """Celle de la rédaction, sans son aide, qui s'adresse au centre."""
    if champ.genre == GenreChamp.PARTENAIRES:
        return PartenairesEnLignesField(champ.libelle)
    entree = champ_de_formulaire(champ, valeur, termes)
    entree.help_text = ""
    entree.widget.attrs.pop("aria-describedby", None)
    return entree
