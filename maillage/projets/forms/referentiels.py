"""Formulaires des référentiels : déposer une version, dire où elle vaut ; choisir celle d'un projet."""

from typing import Any

from django import forms
from django.db.models import Q

from maillage.projets.models import VersionDeReferentiel
from maillage.territoire.models import Departement, Institution


class DepotDeReferentielForm(forms.Form):
    fichier = forms.FileField(
        label="Le fichier",
        help_text="Un texte TOML, de 200 Ko au plus. Téléchargez une version pour partir d’elle.",
        widget=forms.FileInput(attrs={"accept": ".toml,.txt"}),
        error_messages={
            "required": "Choisissez d’abord un fichier sur votre ordinateur.",
            "empty": "Ce fichier est vide. Vérifiez le fichier choisi.",
            "missing": "Choisissez d’abord un fichier sur votre ordinateur.",
        },
        max_length=255,
    )
    institution = forms.ModelChoiceField(
        Institution.objects.none(),
        label="Pour qui",
        required=False,
        empty_label="Tous les centres",
        error_messages={
            "invalid_choice": "Choisissez une fédération que vous tenez.",
            "required": "Dites pour qui.",
        },
    )
    departement = forms.ModelChoiceField(
        Departement.objects.none(),
        label="Un seul département",
        required=False,
        empty_label="Tout son territoire",
        error_messages={"invalid_choice": "Choisissez un département de ce territoire."},
    )

    def __init__(self, *args: Any, institutions: Any, est_pour_tous: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pour: Any = self.fields["institution"]
        pour.queryset = institutions
        pour.required = not est_pour_tous
        if not est_pour_tous:
            pour.empty_label = None
            pour.initial = institutions.first()
        ou: Any = self.fields["departement"]
        siens = Q(institutions__in=institutions) | Q(region__institutions__in=institutions)
        sans_lieu = institutions.filter(departements=None, regions=None).exists()
        ou.queryset = (
            Departement.objects.all() if sans_lieu else Departement.objects.filter(siens).distinct()
        ).order_by("nom")


class SuivreForm(forms.Form):
    version = forms.ModelChoiceField(
        VersionDeReferentiel.objects.none(),
        label="Référentiel à suivre",
        required=False,
        empty_label="Celui que Maillage apporte",
        error_messages={"invalid_choice": "Cette version n’est plus proposée. Relisez la page."},
    )

    def __init__(self, *args: Any, versions: list[VersionDeReferentiel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["version"]
        champ.queryset = VersionDeReferentiel.objects.filter(pk__in=[une.pk for une in versions])
        champ.label_from_instance = lambda une: f"{une} ({une.lieu})"
