"""Formulaires du diagnostic : un par genre d'élément, ceux d'un besoin et de ses preuves, le fichier de chiffres."""

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from maillage.core.formulaires import Versionne, champ_de_date
from maillage.projets.choices import Couleur, Croisement, GenreRencontre, NatureConstat, SorteDeParticipants
from maillage.projets.elements import Genre
from maillage.projets.enquetes import EFFECTIF
from maillage.projets.forms.elements import ElementForm
from maillage.projets.forms.grille import Grille, GrilleField, GrilleWidget
from maillage.projets.forms.nombres import AnneeField
from maillage.projets.lecture import Arbre
from maillage.projets.models import Besoin, ProjetSocial
from maillage.projets.preuves import PreuvePossible

SANS_NOM: Final = "Jamais un nom : « une mère de deux enfants », « un retraité du Moulin »."
AFFLUENCE_MAX: Final = 100_000
PRESENTS: Final = {
    SorteDeParticipants.HABITANTS: "Habitants présents",
    SorteDeParticipants.BENEVOLES: "Bénévoles présents",
    SorteDeParticipants.PARTENAIRES: "Partenaires présents",
    SorteDeParticipants.ELUS: "Élus présents",
    SorteDeParticipants.EQUIPE: "Membres de l’équipe présents",
    SorteDeParticipants.AUTRES: "Autres personnes présentes",
}


class _DuDiagnostic(ElementForm):
    """Les formulaires d'un élément connaissent leur projet : ses thèmes y sont des choix."""

    def __init__(self, *args: Any, projet: ProjetSocial, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.projet = projet


class ConstatForm(_DuDiagnostic):
    texte = forms.CharField(
        label="Le constat",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Écrivez le constat, en une phrase ou deux."},
    )
    nature = forms.ChoiceField(
        label="Sa case",
        choices=NatureConstat.choices,
        widget=forms.RadioSelect,
        help_text="Atout et faiblesse : dans le quartier ou le centre. Opportunité et menace : autour.",
        error_messages={"required": "Choisissez une des quatre cases."},
    )
    source = forms.CharField(
        label="D’où le tient-on ?",
        max_length=300,
        required=False,
        help_text="Une rencontre, une étude, l’équipe.",
    )


class ParoleForm(_DuDiagnostic):
    texte = forms.CharField(
        label="Ce qui a été dit",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Ses mots à elle, sans guillemets.",
        error_messages={"required": "Écrivez ce qui a été dit."},
    )
    qui = forms.CharField(label="Par qui", max_length=120, required=False, help_text=SANS_NOM)
    theme_id = forms.TypedChoiceField(
        label="Thème", coerce=int, empty_value=None, required=False, help_text="Vous pourrez le changer."
    )
    occasion = forms.CharField(
        label="À quelle occasion",
        max_length=200,
        required=False,
        help_text="Par exemple : café de la place, juin 2026.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["theme_id"].choices = [  # type: ignore[attr-defined]
            ("", "Sans thème"),
            *((theme.pk, theme.nom) for theme in self.projet.themes.all()),
        ]


class ThemeForm(_DuDiagnostic):
    nom = forms.CharField(
        label="Nom du thème", max_length=120, error_messages={"required": "Donnez un nom au thème."}
    )
    couleur = forms.ChoiceField(label="Couleur", choices=Couleur.choices, initial=Couleur.VERT)


class RencontreForm(_DuDiagnostic):
    titre = forms.CharField(
        label="Nom de la rencontre", max_length=200, error_messages={"required": "Nommez cette rencontre."}
    )
    genre = forms.ChoiceField(
        label="Ce que c’était",
        choices=[
            (GenreRencontre.ECOUTE, "Une rencontre : on a écouté"),
            (GenreRencontre.RESTITUTION, "Une restitution : on a rendu compte"),
        ],
        initial=GenreRencontre.ECOUTE,
        widget=forms.RadioSelect,
    )
    le = champ_de_date("Date", required=False)
    lieu = forms.CharField(label="Lieu", max_length=200, required=False)
    retenu = forms.CharField(
        label="Ce que l’on en retient",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Sans nommer personne : ce texte peut aller dans le dossier.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        connue = self.initial.get("affluence") or {}
        for sorte in SorteDeParticipants:
            self.fields[f"presents_{sorte}"] = forms.IntegerField(
                label=PRESENTS[sorte],
                required=False,
                min_value=0,
                max_value=AFFLUENCE_MAX,
                initial=connue.get(sorte),
                error_messages={
                    "invalid": "Écrivez un nombre entier, par exemple 12.",
                    "max_value": "Ce nombre est trop grand. Vérifiez-le.",
                    "min_value": "Écrivez un nombre à partir de zéro.",
                },
            )
        self.order_fields(
            ["titre", "genre", "le", "lieu", *(f"presents_{s}" for s in SorteDeParticipants), "retenu"]
        )

    @property
    def valeurs(self) -> dict[str, Any]:
        dites = super().valeurs
        presents = {s.value: dites.pop(f"presents_{s}") for s in SorteDeParticipants}
        return dites | {"affluence": {sorte: n for sorte, n in presents.items() if n}}


class _GrilleDeReponses(GrilleWidget):
    entete = "Réponse"


class ResultatForm(_DuDiagnostic):
    question = forms.CharField(
        label="La question posée", max_length=300, error_messages={"required": "Écrivez la question."}
    )
    enquete = forms.CharField(
        label="L’enquête", max_length=200, required=False, help_text="Son nom, et comment on a répondu."
    )
    annee = AnneeField(label="Année")
    croisement = forms.ChoiceField(
        label="Les colonnes séparent les réponses",
        required=False,
        choices=[("", "Elles ne les séparent pas : une seule colonne"), *Croisement.choices],
    )
    lignes = GrilleField(
        label="Les réponses, en effectifs",
        widget=_GrilleDeReponses,
        help_text="Des nombres de personnes, pas des pourcentages. Pour ôter une ligne, videz-la.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lignes = [
            (une["libelle"], [str(n) for n in une["valeurs"]]) for une in self.initial.get("lignes", [])
        ]
        self.initial["lignes"] = Grille(self.initial.get("colonnes") or [EFFECTIF], lignes)

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        grille = donnees.get("lignes")
        if grille is None:
            return donnees
        if len(grille.zones) > 1 and not donnees.get("croisement"):
            self.add_error("croisement", "Plusieurs colonnes : dites ce qui les sépare.")
        faux = next((c for _, cases in grille.lignes for c in cases if c and not _est_un_effectif(c)), "")
        if faux:
            self.add_error("lignes", f"« {faux[:40]} » n’est pas un effectif. Écrivez un nombre entier.")
        return donnees

    @property
    def valeurs(self) -> dict[str, Any]:
        grille = self.cleaned_data["lignes"]
        lignes = [
            {"libelle": nom, "valeurs": [int(case.replace(" ", "")) if case else 0 for case in cases]}
            for nom, cases in grille.lignes
        ]
        return super().valeurs | {"colonnes": grille.zones, "lignes": lignes}


def _est_un_effectif(ecrit: str) -> bool:
    nu = ecrit.replace(" ", "")
    return nu.isascii() and nu.isdecimal() and len(nu) < 7


FORMULAIRES: Final[dict[str, type[_DuDiagnostic]]] = {
    "constats": ConstatForm,
    "paroles": ParoleForm,
    "themes": ThemeForm,
    "rencontres": RencontreForm,
    "resultats": ResultatForm,
}


def formulaire_du_diagnostic(
    genre: Genre, projet: ProjetSocial, donnees: Any = None, element: Any = None, **initial: Any
) -> ElementForm:
    if element is not None:
        initial = genre.valeurs(element) | {"lue": genre.empreinte(element)}
    return FORMULAIRES[genre.cle](donnees, initial=initial, projet=projet)


# --- Les besoins ------------------------------------------------------------------------------------


class BesoinForm(Versionne):
    titre = forms.CharField(
        label="Le besoin",
        max_length=300,
        help_text="Ce qui manque aux habitants, pas ce que le centre fera.",
        error_messages={"required": "Dites le besoin, en une phrase."},
    )
    precision = forms.CharField(
        label="Ce que l’on en sait", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )


class PreuveForm(forms.Form):
    preuve = forms.ChoiceField(
        label="Une preuve du diagnostic", error_messages={"required": "Choisissez une preuve dans la liste."}
    )

    def __init__(self, *args: Any, possibles: Iterable[PreuvePossible], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groupes: dict[str, list[tuple[str, str]]] = {}
        for une in possibles:
            groupes.setdefault(une.sorte.titre, []).append((une.cle, une.libelle))
        self.fields["preuve"].choices = [("", "Choisir une preuve"), *groupes.items()]  # type: ignore[attr-defined]


class NombreRecopieForm(forms.Form):
    nombre = forms.CharField(
        label="Le nombre, en une phrase",
        max_length=300,
        help_text="Par exemple : 312 passages pour une démarche en ligne.",
        error_messages={"required": "Écrivez le nombre et ce qu’il compte."},
    )
    source = forms.CharField(
        label="Où vous l’avez lu",
        max_length=300,
        help_text="Par exemple : bilan du centre, 2025.",
        error_messages={"required": "Dites où ce nombre se lit."},
    )


class EnjeuForm(forms.Form):
    """Relier à un enjeu de l'arbre, ou en faire un neuf dans un axe."""

    ou = forms.ChoiceField(
        label="Dans l’arbre",
        error_messages={"required": "Choisissez un enjeu, ou un axe pour un enjeu neuf."},
    )
    titre = forms.CharField(
        label="Titre du nouvel enjeu",
        max_length=500,
        required=False,
        help_text="Seulement pour un enjeu neuf. Le besoin dit ce qui manque ; l’enjeu, ce que l’on vise.",
    )

    def __init__(self, *args: Any, arbre: Arbre, besoin: Besoin, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relies = {enjeu.pk for enjeu in besoin.enjeux.all()}
        neufs = [(f"axe:{lu.axe.pk}", f"Un enjeu neuf dans l’axe {lu.axe}") for lu in arbre.axes]
        groupes = [
            (
                f"Axe {lu.axe}",
                [
                    (f"enjeu:{un.enjeu.pk}", str(un.enjeu))
                    for un in lu.enjeux
                    if un.enjeu.titre and un.enjeu.pk not in relies
                ],
            )
            for lu in arbre.axes
        ]
        self.fields["ou"].choices = [  # type: ignore[attr-defined]
            ("", "Choisir"),
            *((titre, enjeux) for titre, enjeux in groupes if enjeux),
            ("Un enjeu neuf", neufs),
        ]

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        if donnees.get("ou", "").startswith("axe:") and not donnees.get("titre"):
            self.add_error("titre", ValidationError("Écrivez le titre du nouvel enjeu."))
        return donnees


class RattacherForm(forms.Form):
    """Depuis la liste des preuves sans besoin : laquelle, à quel besoin."""

    preuve = forms.CharField(max_length=40)
    besoin = forms.IntegerField(min_value=1, max_value=2**31)


class FichierDeChiffresForm(forms.Form):
    fichier = forms.FileField(
        label="Le fichier, .xlsx ou .csv",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
    )
