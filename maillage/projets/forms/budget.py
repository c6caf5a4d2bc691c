"""Formulaires du budget : la grille d'un budget, un financement, une année à copier, un classeur à relire."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField

from maillage.core.formulaires import Versionne
from maillage.core.francais import nombre
from maillage.projets.comptes import Compte
from maillage.projets.forms.nombres import NombreField
from maillage.projets.lecture_du_budget import BudgetLu, Montants
from maillage.projets.models import Financement
from maillage.projets.models.budget import HEURES_MAX

TAILLE_MAX: Final = 2 * 1024 * 1024
PREFIXES: Final = (("p", "Prévu"), ("r", "Réel"))


class MontantField(NombreField):
    """Des euros, zéro au moins, au centime près ; les centimes s'écrivent à deux chiffres."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return nombre(value, 0 if value == value.to_integral_value() else 2)
        return super().prepare_value(value)

    def to_python(self, value: Any) -> Decimal | None:
        lu = super().to_python(value)
        if lu is not None and lu < 0:
            raise ValidationError("Écrivez un montant sans signe : une dépense est dans les charges.")
        return lu

    def dire(self, value: Any) -> str:
        return str(self.prepare_value(value))


@dataclass(frozen=True, slots=True)
class RangeeDeGrille:
    compte: Compte
    cellules: list[BoundField]
    montants: Montants
    """Ceux d'un compte que l'on n'écrit pas : le bénévolat."""

    @property
    def erreurs(self) -> list[str]:
        return [str(faute) for cellule in self.cellules for faute in cellule.errors]


class GrilleDeBudgetForm(Versionne):
    """Deux champs par compte, `p60` et `r60`, puis les heures de bénévolat et leur taux."""

    def __init__(self, *args: Any, lu: BudgetLu, **kwargs: Any) -> None:
        kwargs.setdefault("initial", self.valeurs_de(lu))
        super().__init__(*args, **kwargs)
        self.lu = lu
        for compte in self._ecrits():
            for prefixe, titre in PREFIXES:
                champ = MontantField(exemple="1 250,50", label=f"{compte}, {titre.lower()}")
                champ.widget.attrs |= {"aria-label": f"{compte.libelle}, {titre.lower()}", "size": 11}
                self.fields[f"{prefixe}{compte.compte}"] = champ
        self.fields["heures_prevues"] = MontantField("120", HEURES_MAX, label="Heures prévues")
        self.fields["heures_reelles"] = MontantField("120", HEURES_MAX, label="Heures réelles")
        self.fields["taux_horaire"] = MontantField(
            exemple="12,50",
            label="Taux d’une heure, en euros",
            help_text="Celui que votre conseil d’administration a retenu.",
        )

    def _ecrits(self) -> list[Compte]:
        return [compte for compte in self.lu.plan.comptes if not compte.benevolat]

    @staticmethod
    def valeurs_de(lu: BudgetLu) -> dict[str, Any]:
        """Ce que la page montre, sa version comprise."""
        valeurs: dict[str, Any] = {"version": lu.budget.version if lu.budget else 0}
        for numero, montants in lu.montants.items():
            valeurs |= {f"p{numero}": montants.prevu, f"r{numero}": montants.reel}
        for champ in ("heures_prevues", "heures_reelles", "taux_horaire"):
            valeurs[champ] = getattr(lu.budget, champ) if lu.budget else None
        return valeurs

    def actuelles(self, lu: BudgetLu) -> dict[str, Any]:
        """Tous les champs, pour les comparer : un montant absent vaut rien."""
        valeurs = self.valeurs_de(lu)
        return {nom: valeurs.get(nom) for nom in self.fields if nom != "version"}

    def groupes(self) -> Iterator[tuple[str, str, list[RangeeDeGrille], Montants]]:
        for sens, titre, rangees, total in self.lu.groupes():
            lues = [
                RangeeDeGrille(
                    rangee.compte,
                    []
                    if rangee.compte.benevolat
                    else [self[f"{prefixe}{rangee.compte.compte}"] for prefixe, _ in PREFIXES],
                    rangee.montants,
                )
                for rangee in rangees
            ]
            yield sens, titre, lues, total

    @property
    def du_benevolat(self) -> list[BoundField]:
        return [self[nom] for nom in ("heures_prevues", "heures_reelles", "taux_horaire")]

    @property
    def montants(self) -> dict[str, Montants]:
        return {
            compte.compte: Montants(
                self.cleaned_data.get(f"p{compte.compte}"), self.cleaned_data.get(f"r{compte.compte}")
            )
            for compte in self._ecrits()
        }

    @property
    def heures(self) -> dict[str, Decimal | None]:
        return {
            nom: self.cleaned_data.get(nom) for nom in ("heures_prevues", "heures_reelles", "taux_horaire")
        }


class FinancementForm(Versionne):
    nom = forms.CharField(
        label="Financeur",
        max_length=200,
        error_messages={"required": "Dites qui finance."},
        widget=forms.TextInput(attrs={"list": "financeurs", "autocomplete": "off"}),
    )
    objet = forms.CharField(
        label="Pour quoi",
        max_length=200,
        required=False,
        help_text="Par exemple : animation globale, vacances.",
    )
    demande = MontantField(exemple="12 000", label="Demandé, en euros")
    accorde = MontantField(
        exemple="12 000",
        label="Accordé, en euros",
        help_text="Laissez vide tant qu’il n’a pas répondu. Écrivez 0 s’il refuse.",
    )
    recu = MontantField(exemple="12 000", label="Reçu, en euros")

    CHAMPS: Final = ("nom", "objet", "demande", "accorde", "recu")

    @classmethod
    def valeurs_de(cls, financement: Financement) -> dict[str, Any]:
        return {champ: getattr(financement, champ) for champ in cls.CHAMPS}


class CopieForm(forms.Form):
    de = forms.TypedChoiceField(label="Copier l’année", coerce=int)

    def __init__(self, *args: Any, annees: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["de"].choices = [(annee, str(annee)) for annee in annees]  # type: ignore[attr-defined]


class ClasseurForm(forms.Form):
    fichier = forms.FileField(
        label="Le classeur rempli (.xlsx)",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": "Choisissez un fichier .xlsx.", "empty": "Ce fichier est vide."},
    )

    def clean_fichier(self) -> Any:
        fichier = self.cleaned_data["fichier"]
        if fichier.size > TAILLE_MAX:
            raise ValidationError("Ce fichier dépasse 2 Mo. Repartez du classeur que donne cette page.")
        return fichier
