"""Formulaires de la Caf : annoter, demander des compléments, dire son avis, décider."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.html import format_html

from maillage.core.formulaires import Versionne, champ_de_date
from maillage.core.saisie import une_ligne
from maillage.projets.choices import Appreciation, PorteeAnnotation, SensAvis
from maillage.projets.models import DemandeAgrement
from maillage.projets.referentiels import Critere


class AnnoterForm(forms.Form):
    texte = forms.CharField(
        label="Votre annotation",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Écrivez votre annotation."},
    )
    ancre = forms.ChoiceField(label="Sur", required=False)
    portee = forms.ChoiceField(
        label="Qui la lit",
        choices=PorteeAnnotation.choices,
        initial=PorteeAnnotation.CAF,
        widget=forms.RadioSelect,
        error_messages={"required": "Dites qui la lit."},
    )

    def __init__(self, *args: Any, sections: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ancre"].choices = [("", "Le document entier"), *sections]  # type: ignore[attr-defined]


class ComplementsForm(forms.Form):
    points = forms.CharField(
        label="Les points à compléter",
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Un point par ligne. Le centre répondra à chacun.",
        error_messages={"required": "Écrivez au moins un point à compléter."},
    )
    delai = champ_de_date("Réponse attendue le", required=False, help_text="Facultatif.")
    mot = forms.CharField(
        label="Mot au centre",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    @property
    def lignes(self) -> list[str]:
        lignes = (ligne.strip().lstrip("-–•").strip() for ligne in self.cleaned_data["points"].splitlines())
        return [ligne for ligne in lignes if ligne]


class AvisForm(Versionne):
    """Un choix et un mot par critère du référentiel. `est_montre` : le centre le lit aussi."""

    sens = forms.ChoiceField(
        label="Votre avis",
        choices=SensAvis.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez le sens de votre avis."},
    )
    motif = forms.CharField(
        label="Pourquoi",
        required=False,
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Nécessaire pour un avis réservé ou défavorable.",
    )
    est_montre = forms.BooleanField(
        label="Le centre peut lire cet avis",
        required=False,
        help_text="Sinon, il reste entre conseillers de la Caf.",
    )

    def __init__(self, *args: Any, criteres: Sequence[Critere], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.regardes = criteres
        for rang, critere in enumerate(criteres):
            self.fields[f"critere_{rang}"] = forms.ChoiceField(
                label=critere.texte,
                required=False,
                choices=[("", "Sans avis"), *Appreciation.choices],
                help_text=f"Source : {critere.source}.",
            )
            self.fields[f"mot_{rang}"] = forms.CharField(
                label=format_html('Précision<span class="invisible"> : {}</span>', critere.texte),
                required=False,
                max_length=1000,
            )

    def clean(self) -> dict[str, Any]:
        lus: dict[str, Any] = super().clean() or self.cleaned_data
        if lus.get("sens") not in {None, SensAvis.FAVORABLE} and not (lus.get("motif") or "").strip():
            self.add_error("motif", "Dites pourquoi l’avis n’est pas favorable.")
        return lus

    @property
    def criteres(self) -> list[dict[str, str]]:
        return [
            {
                "cle": critere.cle,
                "texte": critere.texte,
                "appreciation": self.cleaned_data.get(f"critere_{rang}", ""),
                "mot": une_ligne(self.cleaned_data.get(f"mot_{rang}", "")),
            }
            for rang, critere in enumerate(self.regardes)
        ]

    @property
    def couples(self) -> list[tuple[Any, Any]]:
        """Le choix et la précision de chaque critère."""
        rangs = range(len(self.regardes))
        return [(self[f"critere_{rang}"], self[f"mot_{rang}"]) for rang in rangs]


class DecisionDeLaCafForm(forms.Form):
    """Ce qui vaut pour toute la décision."""

    decidee_le = champ_de_date("Décidée le")
    commission = forms.CharField(
        label="Commission ou instance", max_length=200, required=False, help_text="Celle qui a décidé."
    )
    mot = forms.CharField(
        label="Message au centre, dans la lettre",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"decidee_le": timezone.localdate()}


class ReponseForm(forms.Form):
    """La réponse à une demande. Sans réponse, elle attend encore."""

    reponse = forms.ChoiceField(
        label="Réponse",
        required=False,
        choices=[("", "Plus tard"), ("accordee", "Accordée"), ("refusee", "Refusée")],
        widget=forms.RadioSelect,
    )
    du = champ_de_date("Valable du", required=False)
    au = champ_de_date("Jusqu’au", required=False)
    motif = forms.CharField(
        label="Motif",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Nécessaire si elle est refusée ; utile si la durée est plus courte que demandée.",
    )

    def __init__(self, *args: Any, demande: DemandeAgrement, **kwargs: Any) -> None:
        kwargs["prefix"] = f"demande-{demande.pk}"
        super().__init__(*args, **kwargs)
        self.demande = demande
        self.initial = {"reponse": "", "du": demande.projet.du, "au": demande.projet.au}

    def clean(self) -> dict[str, Any]:
        lus: dict[str, Any] = super().clean() or self.cleaned_data
        if lus.get("reponse") == "accordee":
            for champ in ("du", "au"):
                if not lus.get(champ) and champ not in self.errors:
                    self.add_error(champ, "Écrivez la date.")
        if lus.get("reponse") == "refusee" and not (lus.get("motif") or "").strip():
            self.add_error("motif", "Écrivez la raison du refus.")
        return lus
