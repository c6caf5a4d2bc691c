"""Formulaires de l'assistant d'import : déposer, puis relire chaque pièce."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django import forms

from maillage.projets.importation.lu import DITS_A_PART
from maillage.projets.operations.fiches_du_lu import CODES_DE_STATUT, fiche_separee
from maillage.projets.operations.periode_du_lu import PeriodeARevoir, dates_du_lu
from maillage.projets.operations.pieces_du_depot import A_RANGER, FAMILLES, Decision, PieceDuDepot
from maillage.projets.operations.textes_du_lu import Textes, paragraphes_du_chapitre, texte_du_chapitre
from maillage.territoire.models import Structure

ANNEE_MIN, ANNEE_MAX = 2000, 2099


class DepotForm(forms.Form):
    fichier = forms.FileField(
        label="Le document",
        help_text="Un fichier Word (.docx), une page web (.html) ou un texte (.txt), de 20 Mo au plus.",
        widget=forms.FileInput(attrs={"accept": ".docx,.html,.htm,.txt,.json"}),
        error_messages={
            "required": "Choisissez d’abord un fichier sur votre ordinateur.",
            "empty": "Ce fichier est vide. Vérifiez le fichier choisi, puis déposez-le de nouveau.",
            "missing": "Choisissez d’abord un fichier sur votre ordinateur.",
        },
        max_length=255,
    )
    structure = forms.ModelChoiceField(
        Structure.objects.none(),
        label="Pour quel centre",
        empty_label=None,
        error_messages={"invalid_choice": "Choisissez un centre que vous dirigez."},
    )

    def __init__(self, *args: Any, structures: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choix = Structure.objects.filter(pk__in=structures).order_by("nom", "pk")
        champ: Any = self.fields["structure"]
        champ.queryset = choix
        if len(structures) == 1:
            champ.widget = forms.HiddenInput()
            self.initial["structure"] = structures[0]


def _annee(libelle: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=libelle,
        min_value=ANNEE_MIN,
        max_value=ANNEE_MAX,
        error_messages={
            "required": "Écrivez l’année, comme 2027.",
            "invalid": "Écrivez l’année, comme 2027.",
        },
    )


class CadreLuForm(forms.Form):
    nom = forms.CharField(
        label="Nom du projet", max_length=200, error_messages={"required": "Donnez un nom au projet."}
    )
    debut = _annee("Première année")
    fin = _annee("Dernière année")
    territoire = forms.CharField(label="Territoire", max_length=200, required=False)

    def __init__(self, donnees: Mapping[str, Any] | None, *, lu: Mapping[str, Any]) -> None:
        self.lu = lu
        annees = lu.get("periode") or {}
        super().__init__(
            donnees, initial={"nom": lu["nom"], "territoire": lu.get("territoire") or "", **annees}
        )

    def clean(self) -> dict[str, Any]:
        lus = super().clean() or {}
        debut, fin = lus.get("debut"), lus.get("fin")
        if debut and fin and fin < debut:
            self.add_error("fin", "La dernière année vient avant la première. Corrigez l’une des deux.")
        elif debut and fin:
            try:
                dates_du_lu({**self.lu, "periode": {"debut": debut, "fin": fin}})
            except PeriodeARevoir as refus:
                self.add_error("fin", str(refus))
        return lus

    def valeur(self) -> dict[str, Any]:
        lus = self.cleaned_data
        periode = {"debut": lus["debut"], "fin": lus["fin"]}
        return {"nom": lus["nom"], "territoire": lus["territoire"], "periode": periode}


# --- Une pièce ---------------------------------------------------------------------------------------
def _court(libelle: str, maximum: int, *, requis: bool = False) -> Callable[[], forms.Field]:
    return lambda: forms.CharField(label=libelle, max_length=maximum, required=requis)


def _long(libelle: str, lignes: int = 3) -> Callable[[], forms.Field]:
    return lambda: forms.CharField(
        label=libelle, required=False, widget=forms.Textarea(attrs={"rows": lignes})
    )


def _statut() -> forms.Field:
    choix = [("", "Non dit"), *((code, statut.label) for code, statut in CODES_DE_STATUT.items())]
    return forms.ChoiceField(label="Statut", choices=choix, required=False)


CHAMPS: Final[dict[str, dict[str, Callable[[], forms.Field]]]] = {
    "axes": {"titre": _court("Titre de l’axe", 300, requis=True)},
    "enjeux": {"titre": _court("Titre de l’enjeu", 500)},
    "objectifs": {"titre": _court("Titre de l’objectif", 500, requis=True)},
    "gouvernance": {
        "nom": _court("Nom de l’instance", 300, requis=True),
        "role": _long("Rôle"),
        "composition": _long("Composition"),
    },
    "chiffres_diagnostic": {
        "libelle": _court("Ce qui est compté", 300, requis=True),
        "valeur": lambda: forms.FloatField(
            label="Valeur", widget=forms.TextInput(attrs={"inputmode": "decimal"})
        ),
        "unite": _court("Unité", 60),
        "zone": _court("Zone", 200),
        "source": _court("Source", 300),
        "annee": lambda: forms.IntegerField(
            label="Année", required=False, min_value=1900, max_value=ANNEE_MAX
        ),
    },
    FAMILLES: {},
    "tableaux": {"titre": _court("Titre du tableau", 300)},
    "sigles": {"sigle": _court("Sigle", 40, requis=True), "sens": _court("Sens", 300)},
    "chapitres": {"titre": _court("Titre", 500), "paragraphes": _long("Texte", 8)},
    A_RANGER: {},
    "fiches": {
        "titre": _court("Titre", 300, requis=True),
        "axe": _court("Axe", 4),
        "numero": _court("Numéro", 20),
        "statut": _statut,
        "contexte": _long("Contexte", 6),
        "objectifs_generaux": _long("Objectifs généraux, un par ligne"),
        "objectifs_operationnels": _long("Objectifs opérationnels, un par ligne", 4),
        "public": _long("Public, un par ligne"),
        "presentation": _long("Présentation", 8),
        "echeancier": _long("Échéancier, une ligne par étape"),
        "moyens_humains": _long("Moyens humains, un par ligne"),
        "moyens_materiels": _long("Moyens matériels et financiers, un par ligne"),
        "partenaires": _long("Partenariat existant, un par ligne"),
        "partenaires_potentiels": _long("Partenariat à construire, un par ligne"),
        "resultats_attendus": _long("Résultats attendus, un par ligne"),
        "indicateurs_quantitatifs": _long("Indicateurs quantitatifs, un par ligne"),
        "indicateurs_qualitatifs": _long("Indicateurs qualitatifs, un par ligne"),
        "freins": _long("Freins à lever, un par ligne"),
    },
}
"""Liste de l'objet lu → ce qu'on y corrige."""
SANS_TEXTE = [(Decision.PRISE.value, Decision.PRISE.label), (Decision.ECARTEE.value, Decision.ECARTEE.label)]
POUR_UN_PASSAGE = [
    (Decision.PRISE.value, "Garder à ranger plus tard"),
    (Decision.TEXTE.value, Decision.TEXTE.label),
    (Decision.ECARTEE.value, Decision.ECARTEE.label),
]


class PieceForm(forms.Form):
    """Une pièce : ce qu'on en fait, et ses champs. Un champ changé est une correction."""

    def __init__(self, donnees: Mapping[str, Any] | None, *, piece: PieceDuDepot) -> None:
        self.piece = piece
        self.champs = CHAMPS[piece.liste]
        self.valeur = fiche_separee(piece.valeur) if piece.liste == "fiches" else piece.valeur
        initial = {champ: _en_champ(self.valeur.get(champ), champ) for champ in self.champs}
        initial["decision"] = piece.decision or Decision.PRISE
        super().__init__(donnees, prefix=piece.cle, initial=initial)
        self.fields["decision"] = forms.ChoiceField(
            label="Cette pièce",
            choices=POUR_UN_PASSAGE if piece.liste == A_RANGER else SANS_TEXTE,
            widget=forms.RadioSelect,
        )
        for champ, fabrique in self.champs.items():
            self.fields[champ] = fabrique()

    def choix(self) -> dict[str, Any]:
        """La décision, avec les corrections déjà faites et celles d'aujourd'hui."""
        corrigee = {
            champ: _en_valeur(self.cleaned_data[champ], champ, self.valeur.get(champ))
            for champ in self.champs
            if self.piece.est_corrigee or champ in self.changed_data
        }
        for champ, a_part in DITS_A_PART.items():
            if champ in corrigee or a_part in corrigee:
                corrigee[champ] = [
                    *(self.valeur | corrigee)[champ],
                    *_elements((self.valeur | corrigee)[a_part]),
                ]
        return {"decision": self.cleaned_data["decision"], "valeur": corrigee}


def _elements(valeur: list[str] | str) -> list[str]:
    return valeur.splitlines() if isinstance(valeur, str) else valeur


def _en_champ(valeur: Any, champ: str) -> Any:
    if champ == "paragraphes":
        return texte_du_chapitre(valeur or (), Textes())
    return "\n".join(map(str, valeur)) if isinstance(valeur, list) else valeur


def _en_valeur(saisi: Any, champ: str, lue: Any) -> Any:
    """Ce qui se corrige en lignes revient en liste."""
    if champ == "paragraphes":
        return paragraphes_du_chapitre(saisi.replace("\r\n", "\n"))
    if isinstance(lue, list):
        return [ligne.strip() for ligne in saisi.splitlines() if ligne.strip()]
    return saisi.replace("\r\n", "\n") if isinstance(saisi, str) else saisi
