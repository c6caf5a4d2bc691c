"""Une étape d'une fiche : un champ de formulaire par champ, dans la forme où il se garde (`catalogue.champs`).

Rien n'est obligatoire pour enregistrer. Les bornes ne refusent jamais ce qui est déjà dans la fiche : une fiche
importée peut avoir sept mots clés.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from maillage.catalogue.champs import CHAMPS, Champ, GenreChamp, Valeur
from maillage.catalogue.choices import FamilleTerme, StatutAction
from maillage.catalogue.guide import AIDES, Etape
from maillage.catalogue.models import Terme
from maillage.core.formulaires import FormulaireEcrit, LigneDeNom, LignesDeNomsWidget, TexteField
from maillage.core.francais import MOIS, nombre

TITRE_MAX = 200
TEXTE_MAX = 20_000
NOM_MAX = 200
PARTENAIRES_MAX = 40
MONTANT_MAX = Decimal(999_999_999)
PREMIERE_ANNEE = 1900
_MOIS_ECRIT = re.compile(r"(?P<mois>\d{1,2}|[a-zéû]+)[ /.\-]+(?P<annee>\d{4})", re.IGNORECASE)
_MONTANT = re.compile(r"\d{1,9}(?:[.,]\d{1,2})?|\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?")
GRAND = ("description_experience", "description", "resume")


class MoisField(forms.CharField):
    """« 03/2026 », « mars 2026 » ou « 2026-03 » → « 2026-03 »."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=30, **options)
        self.widget.attrs |= {"placeholder": "03/2026", "size": 12, "autocomplete": "off"}

    def clean(self, value: Any) -> str:
        ecrit = (super().clean(value) or "").lower()
        if not ecrit:
            return ""
        if iso := re.fullmatch(r"(\d{4})-(\d{1,2})", ecrit):
            annee, mois = int(iso[1]), int(iso[2])
        elif lu := _MOIS_ECRIT.fullmatch(ecrit):
            annee, mois = int(lu["annee"]), _numero_du_mois(lu["mois"])
        else:
            mois = 0
        if not 1 <= mois <= 12:
            raise ValidationError("Écrivez le mois et l’année, par exemple 03/2026 ou mars 2026.")
        if annee < PREMIERE_ANNEE or date(annee, mois, 1) > timezone.localdate():
            raise ValidationError("Ce mois n’est pas encore venu, ou il est trop ancien. Vérifiez l’année.")
        return f"{annee:04}-{mois:02}"

    def prepare_value(self, value: Any) -> Any:
        iso = re.fullmatch(r"(\d{4})-(\d{2})", str(value or ""))
        return f"{iso[2]}/{iso[1]}" if iso else value


def _numero_du_mois(ecrit: str) -> int:
    if ecrit.isdecimal():
        return int(ecrit)
    return MOIS.index(ecrit) + 1 if ecrit in MOIS else 0


class TermesField(forms.MultipleChoiceField):
    """Des termes d'une famille, en cases à cocher. `maximum` : combien on peut en choisir."""

    def __init__(self, termes: Iterable[tuple[str, str]], maximum: int, **options: Any) -> None:
        super().__init__(choices=list(termes), required=False, widget=forms.CheckboxSelectMultiple, **options)
        self.maximum = maximum

    def clean(self, value: Any) -> list[str]:
        choisis = list(super().clean(value))
        if len(choisis) > self.maximum:
            trop = len(choisis) - self.maximum
            au_plus = f"{self.maximum} réponses au plus" if self.maximum > 1 else "Une seule réponse"
            raise ValidationError(f"{au_plus} : décochez-en {nombre(trop)}.")
        return choisis


class PartenairesField(forms.Field):
    widget = LignesDeNomsWidget

    def __init__(self, est_chiffre: bool, **options: Any) -> None:
        super().__init__(required=False, **options)
        self.widget.est_chiffre = est_chiffre

    def clean(self, value: Any) -> list[dict[str, str]]:
        lignes = [ligne for ligne in value or [] if ligne.nom]
        if len(lignes) > PARTENAIRES_MAX:
            raise ValidationError(f"{PARTENAIRES_MAX} partenaires au plus.")
        propres: dict[str, dict[str, str]] = {}
        for ligne in lignes:
            if len(ligne.nom) > NOM_MAX or "\0" in ligne.nom:
                raise ValidationError(f"« {ligne.nom[:40]}… » est trop long pour un nom.")
            nom = " ".join(ligne.nom.split())
            propres.setdefault(nom.casefold(), {"nom": nom, "montant": _montant(ligne)})
        return list(propres.values())

    def prepare_value(self, value: Any) -> list[LigneDeNom]:
        if value and isinstance(value[0], dict):
            return [LigneDeNom(un["nom"], _montant_ecrit(un.get("montant", ""))) for un in value]
        return list(value or [])


def _montant(ligne: LigneDeNom) -> str:
    """« 1 200,50 € » → « 1200.50 ». Lève `ValidationError` en nommant la ligne."""
    ecrit = re.sub(r"[\s\u00a0\u202f]|€|euros?", "", ligne.montant, flags=re.IGNORECASE)
    if not ecrit:
        return ""
    if not _MONTANT.fullmatch(ecrit):
        raise ValidationError(
            f"« {ligne.nom} » : écrivez un montant en euros, par exemple 1 200 ou 1 200,50."
        )
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?", ecrit):
        ecrit = ecrit.replace(".", "")
    return f"{min(Decimal(ecrit.replace(',', '.')), MONTANT_MAX):.2f}"


def _montant_ecrit(montant: str) -> str:
    return nombre(Decimal(montant)) if montant else ""


class EtapeForm(FormulaireEcrit):
    """Les champs d'une étape, remplis des valeurs du moment."""

    def __init__(self, etape: Etape, valeurs: Mapping[str, Valeur], data: Any = None) -> None:
        super().__init__(data, initial={nom: valeurs[nom] for nom in etape.champs}, auto_id="%s")
        champs = [CHAMPS[nom] for nom in etape.champs]
        termes = choix_de_termes(champs, valeurs)
        for champ in champs:
            self.fields[champ.nom] = champ_de_formulaire(champ, valeurs[champ.nom], termes)


def choix_de_termes(
    champs: Iterable[Champ], valeurs: Mapping[str, Valeur]
) -> dict[str, list[tuple[str, str]]]:
    """Par champ, les termes que l'on peut cocher ; un terme à vérifier n'est montré que s'il est déjà choisi."""
    par_famille = {champ.famille: champ.nom for champ in champs if champ.famille}
    choix: dict[str, list[tuple[str, str]]] = {nom: [] for nom in par_famille.values()}
    if par_famille:
        for terme in Terme.objects.filter(famille__in=par_famille):
            nom = par_famille[FamilleTerme(terme.famille)]
            if not terme.est_a_verifier or terme.slug in valeurs[nom]:
                choix[nom].append((terme.slug, terme.libelle))
    return choix


def champ_de_formulaire(
    champ: Champ, valeur: Valeur, termes: Mapping[str, list[tuple[str, str]]]
) -> forms.Field:
    options: dict[str, Any] = {"label": champ.libelle, "help_text": AIDES[champ.nom].aide}
    decrit = {"aria-describedby": f"{champ.nom}_helptext avis-{champ.nom}"}
    match champ.genre:
        case GenreChamp.COURT:
            entree = forms.TextInput(attrs={**decrit, "autocomplete": "off"})
            return TexteField(max(TITRE_MAX, len(valeur)), widget=entree, **options)
        case GenreChamp.LONG:
            # Le texte d'attente vide laisse la feuille de style savoir si la zone l'est (`:placeholder-shown`).
            zone = forms.Textarea(
                attrs={**decrit, "rows": 9 if champ.nom in GRAND else 5, "placeholder": " "}
            )
            return TexteField(max(TEXTE_MAX, len(valeur)), widget=zone, **options)
        case GenreChamp.CHOIX:
            return forms.ChoiceField(
                choices=StatutAction.choices, required=False, widget=forms.RadioSelect, **options
            )
        case GenreChamp.MOIS:
            return MoisField(widget=forms.TextInput(attrs=decrit), **options)
        case GenreChamp.TERMES:
            return TermesField(termes[champ.nom], max(champ.maximum, len(valeur)), **options)
        case GenreChamp.PARTENAIRES:
            return PartenairesField(champ.nom == "financeurs", **options)
