"""Les étapes de l'évaluation, écrites à plusieurs (`core.ecriture`) ; une leçon, une action à commencer ; l'envoi."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django import forms

from maillage.core.ecriture import Valeur
from maillage.core.formulaires import FormulaireEcrit, TexteField, Versionne, champ_de_date
from maillage.projets.evaluation_lue import SUR_CE_QUI_EXISTE, AxeEvalue
from maillage.projets.lecture_evaluation import nom_de_la_question
from maillage.projets.models import FicheAction, Objectif, ProjetSocial
from maillage.projets.operations.evaluation import COLONNES, LIBELLES
from maillage.projets.referentiels import Question

TEXTE_MAX: Final = 20_000
PERSONNES_MAX: Final = 9_999
SUITES: Final = [(suite.value, str(suite.label)) for suite in SUR_CE_QUI_EXISTE]
AIDES: Final = {
    "annee": "Les nombres et les bilans sont pris jusqu’à cette année, comprise.",
    "methode": "Les temps que vous avez tenus, avec qui, et ce qui vous a servi de preuve.",
    "nombre_equipe": "",
    "nombre_habitants": "Un nombre, jamais de noms.",
    "nombre_partenaires": "",
    "nombre_elus": "",
    "synthese": "Une page au plus : ce qui a changé, ce qui manque, ce que vous en concluez.",
}


class EtapeDEvaluationForm(FormulaireEcrit):
    """Les champs d'une étape, dans l'ordre où la page les pose."""

    def __init__(
        self, champs: Mapping[str, forms.Field], valeurs: Mapping[str, Valeur], data: Any = None
    ) -> None:
        super().__init__(data, initial=dict(valeurs), auto_id="%s")
        for nom, champ in champs.items():
            self.fields[nom] = champ
            if not isinstance(champ.widget, forms.RadioSelect):
                champ.widget.attrs["aria-describedby"] = f"{nom}_helptext avis-{nom}"


class AnneeField(forms.TypedChoiceField):
    """Une année du projet."""

    def __init__(self, annees: Iterable[int], **options: Any) -> None:
        super().__init__(coerce=int, choices=[(annee, str(annee)) for annee in annees], **options)


def _texte(libelle: str, aide: str = "", lignes: int = 3) -> TexteField:
    return TexteField(TEXTE_MAX, label=libelle, help_text=aide, widget=forms.Textarea(attrs={"rows": lignes}))


def champs_de_la_methode(projet: ProjetSocial) -> dict[str, forms.Field]:
    combien = {
        nom: forms.IntegerField(
            label=COLONNES[nom],
            help_text=AIDES[nom],
            required=False,
            min_value=0,
            max_value=PERSONNES_MAX,
            widget=forms.TextInput(attrs={"inputmode": "numeric"}),
            error_messages={
                "invalid": "Écrivez un nombre entier, par exemple 12.",
                "min_value": "Écrivez un nombre, zéro au moins.",
                "max_value": "Ce nombre est trop grand. Vérifiez-le.",
            },
        )
        for nom in ("nombre_equipe", "nombre_habitants", "nombre_partenaires", "nombre_elus")
    }
    return {
        "annee": AnneeField(projet.annees, label=COLONNES["annee"], help_text=AIDES["annee"]),
        "methode": _texte(COLONNES["methode"], AIDES["methode"], 6),
        **combien,
    }


def champs_de_la_synthese() -> dict[str, forms.Field]:
    return {"synthese": _texte(COLONNES["synthese"], AIDES["synthese"], 14)}


def champs_des_questions(questions: Iterable[Question]) -> dict[str, forms.Field]:
    return {nom_de_la_question(une.cle): _texte(une.texte, _aide_de(une), 6) for une in questions}


def _aide_de(question: Question) -> str:
    source = f"Source : {question.source}." if question.source else ""
    return " ".join(filter(None, [question.aide, source]))


def champs_de_l_axe(axe: AxeEvalue) -> dict[str, forms.Field]:
    """Pour un objectif : la proposition et sa raison. Pour une fiche, d'abord ce qu'elle a changé."""
    champs: dict[str, forms.Field] = {}
    for objectif in axe.objectifs:
        champs |= _proposition(f"objectif_{objectif.lu.objectif.pk}")
    for fiche in axe.fiches:
        champs[f"fiche_{fiche.fiche.pk}_effet"] = _texte(
            LIBELLES["effet"], "Pour les habitants, pour le quartier, pour le centre."
        )
        champs |= _proposition(f"fiche_{fiche.fiche.pk}")
    return champs


def _proposition(prefixe: str) -> dict[str, forms.Field]:
    return {
        f"{prefixe}_suite": forms.ChoiceField(
            label=LIBELLES["suite"], choices=SUITES, required=False, widget=forms.RadioSelect
        ),
        f"{prefixe}_raison": _texte(LIBELLES["raison"], lignes=2),
    }


# --- Une leçon, une action à commencer --------------------------------------------------------------


class LeconForm(Versionne):
    texte = forms.CharField(
        label="Ce que nous avons appris",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Écrivez la leçon."},
    )
    ou_sert = forms.CharField(
        label="Où cela servira",
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Une fiche, un objectif, une façon de faire du prochain projet.",
    )


class NouveauteForm(Versionne):
    titre = forms.CharField(
        label="Ce que nous voudrions commencer",
        max_length=300,
        error_messages={"required": "Dites ce que vous voudriez commencer."},
    )
    objectif = forms.ModelChoiceField(
        queryset=Objectif.objects.none(),
        label="Pour quel objectif",
        required=False,
        empty_label="Pas encore dit",
    )
    raison = forms.CharField(
        label="Pourquoi",
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Ce qui le demande : un manque constaté, une parole, un nombre.",
    )

    def __init__(self, *args: Any, objectifs: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["objectif"].queryset = objectifs  # type: ignore[attr-defined]


# --- Transmettre, ouvrir la suite -------------------------------------------------------------------


class SuivantForm(forms.Form):
    nom = forms.CharField(
        label="Nom du projet", max_length=200, error_messages={"required": "Donnez un nom au projet."}
    )
    du = champ_de_date("Premier jour")
    au = champ_de_date("Dernier jour", help_text="De un à quatre ans, comme l’agrément. Quatre ans au plus.")
    territoire = forms.BooleanField(label="Le territoire : communes et zones", required=False)
    instances = forms.BooleanField(label="Les instances de gouvernance", required=False)
    sigles = forms.BooleanField(label="Les sigles", required=False)


class AvantForm(forms.Form):
    """De quelle fiche du projet d'avant celle-ci est la suite."""

    suite_de = forms.ModelChoiceField(
        queryset=FicheAction.objects.none(),
        label="La fiche du projet d’avant",
        required=False,
        empty_label="Aucune : cette action est nouvelle",
    )

    def __init__(self, *args: Any, anciennes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["suite_de"].queryset = anciennes  # type: ignore[attr-defined]


STATUTS_REPRIS: Final = [("existante", "Telle quelle"), ("evolution", "Transformée")]
"""Comment une fiche vient du projet d'avant. « Transformée » : elle sera à réécrire."""
