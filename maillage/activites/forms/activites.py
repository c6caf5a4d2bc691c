"""Ouvrir une activité, la modifier : peu de champs, le reste replié."""

from typing import Any, Final, cast

from django import forms

from maillage.activites.choices import Cadre, GenreSeance
from maillage.activites.equipe import equipe_du_centre
from maillage.activites.models import Activite
from maillage.catalogue.texte_libre import TexteLibreForm
from maillage.comptes.models import Utilisateur
from maillage.core.formulaires import PlusieursField, TexteField
from maillage.core.saisie import une_ligne
from maillage.projets.choices import EtatProjet
from maillage.projets.models import FicheAction
from maillage.territoire.models import Site, Structure

REPLIES: Final = (
    *(
        "description",
        "relu",
        "age_min",
        "age_max",
        "prix",
        "est_accessible",
        "cadre",
        "instance",
        "est_publique",
    ),
)
"""Ce que l'on dit plus tard."""
ECRITURE: Final = (EtatProjet.PREPARATION, EtatProjet.A_COMPLETER, EtatProjet.AGREE, EtatProjet.EN_COURS)
MOTS_MAX: Final = 12
GENRES: Final = [(genre.value, genre.value.capitalize()) for genre in GenreSeance]


def fiches_du_centre(structure: Structure) -> dict[str, FicheAction]:
    """Les fiches que le centre mène ou prépare, dans l'ordre de l'arbre."""
    lues = FicheAction.objects.filter(projet__structure=structure, projet__etat__in=ECRITURE)
    rangees = lues.select_related("axe").order_by("projet_id", "axe__rang", "rang", "pk")
    return {str(fiche.pk): fiche for fiche in rangees}


def par_axe(fiches: dict[str, FicheAction]) -> list[Any]:
    """Les choix d'une liste déroulante, sous leur axe."""
    groupes: dict[str, list[tuple[str, str]]] = {}
    for cle, fiche in fiches.items():
        groupes.setdefault(str(fiche.axe or "À ranger"), []).append((cle, fiche.titre))
    return list(groupes.items())


def mots(texte: str) -> list[str]:
    """« seniors, familles » : des mots séparés par une virgule, une fois chacun."""
    return list(dict.fromkeys(mot for brut in texte.split(",") if (mot := " ".join(brut.split()))))


def publics_connus(structure: Structure) -> list[str]:
    """Les mots que le centre a déjà dits, pour ne pas en inventer d'autres."""
    ecrits = Activite.objects.filter(structure=structure).values_list("publics", flat=True)
    return sorted({mot for publics in ecrits for mot in publics}, key=str.casefold)


class MotsField(forms.CharField):
    def clean(self, value: Any) -> Any:
        trouves = mots(super().clean(value) or "")
        if len(trouves) > MOTS_MAX:
            raise forms.ValidationError(f"{MOTS_MAX} mots au plus, séparés par une virgule.")
        return trouves

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value


class ActiviteForm(TexteLibreForm):
    libres = ("description",)
    titre = forms.CharField(
        max_length=160,
        help_text="Tel que les habitants le disent : « Café des parents ».",
        error_messages={"required": "Donnez un titre à l’activité."},
    )
    fiche = forms.ChoiceField(
        label="Fiche action",
        required=False,
        help_text="Chaque présence y comptera, sans rien retaper.",
    )
    genre = forms.ChoiceField(label="Genre de séance", choices=GENRES, initial=GenreSeance.ATELIER)
    animateurs = PlusieursField(
        Utilisateur.objects.none(),
        label="Qui l’anime",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Ces personnes verront les noms de qui vient.",
    )
    site = forms.ModelChoiceField(
        Site.objects.none(), required=False, empty_label="Ailleurs, ou pas encore décidé"
    )
    lieu = forms.CharField(
        label="Salle ou lieu",
        max_length=120,
        required=False,
        help_text="« Salle 2 », « square des Tanneurs ».",
    )
    publics = MotsField(
        label="Pour qui",
        max_length=400,
        required=False,
        help_text="Vos mots, séparés par une virgule : « seniors, familles ».",
    )
    age_min = forms.IntegerField(label="À partir de (ans)", min_value=0, max_value=120, required=False)
    age_max = forms.IntegerField(label="Jusqu’à (ans)", min_value=0, max_value=120, required=False)
    prix = forms.DecimalField(
        label="Prix de la séance, en euros",
        min_value=0,
        max_digits=6,
        decimal_places=2,
        required=False,
        help_text="0 : gratuit. Vide : rien n’est dit.",
        error_messages={"invalid": "Écrivez un nombre, comme 2,50."},
    )
    est_accessible = forms.BooleanField(label="Le lieu est accessible en fauteuil roulant", required=False)
    accueil_libre = forms.BooleanField(label="On vient sans s’inscrire", required=False)
    capacite = forms.IntegerField(
        label="Nombre de places",
        min_value=1,
        max_value=5000,
        required=False,
        help_text="Vide : sans limite.",
        error_messages={"invalid": "Écrivez un nombre, comme 12."},
    )
    description = TexteField(
        4000,
        label="En quelques phrases",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Lue par tous si l’activité est dans l’agenda public. Sans nom d’habitant.",
    )
    cadre = forms.ChoiceField(
        label="Dispositif",
        choices=Cadre.choices,
        initial=Cadre.AUCUN,
        help_text="Il décide du rapport à rendre. Un lieu d’accueil enfants-parents reste sans nom.",
    )
    instance = forms.CharField(
        max_length=120,
        required=False,
        help_text="« Comité d’usagers », si l’activité est la vie d’une instance du centre.",
    )
    est_publique = forms.BooleanField(
        label="La montrer dans l’agenda public",
        required=False,
        help_text="Le titre, le jour, l’heure et le lieu. Jamais qui vient.",
    )

    def __init__(self, structure: Structure, *args: Any, activite: Activite | None = None, **options: Any):
        super().__init__(*args, **options)
        self.fiches = fiches_du_centre(structure)
        champs: dict[str, Any] = self.fields
        equipe = equipe_du_centre(structure.pk)
        if activite is not None:
            equipe = equipe | Utilisateur.objects.filter(pk__in=activite.animateurs.values("pk"))
            if activite.fiche is not None:
                self.fiches.setdefault(str(activite.fiche_id), activite.fiche)
        champs["animateurs"].queryset = equipe.distinct()
        champs["fiche"].choices = [("", "Aucune pour l’instant"), *par_axe(self.fiches)]
        champs["site"].queryset = Site.objects.filter(structure=structure)
        if not champs["site"].queryset.exists():
            del champs["site"]
        if connus := publics_connus(structure)[:MOTS_MAX]:
            champs["publics"].help_text += f" Déjà dits : {', '.join(connus)}."

    def clean_titre(self) -> str:
        return une_ligne(self.cleaned_data["titre"])

    def clean_fiche(self) -> FicheAction | None:
        return self.fiches.get(self.cleaned_data["fiche"])

    def clean_age_max(self) -> int | None:
        debut, fin = self.cleaned_data.get("age_min"), self.cleaned_data["age_max"]
        if debut is not None and fin is not None and fin < debut:
            raise forms.ValidationError(f"C’est plus jeune que {debut} ans. Échangez les deux âges.")
        return cast("int | None", fin)

    @property
    def essentiels(self) -> list[Any]:
        return [champ for champ in self if champ.name not in REPLIES]

    @property
    def replies(self) -> list[Any]:
        return [self[nom] for nom in REPLIES]

    @property
    def est_deplie(self) -> bool:
        """Une erreur, ou quelque chose de déjà dit, ne se cache pas."""
        return any(
            champ.errors or (champ.value() or "") not in {"", False, Cadre.AUCUN} for champ in self.replies
        )

    @classmethod
    def valeurs_de(cls, activite: Activite) -> dict[str, Any]:
        noms = [nom for nom in cls.base_fields if nom not in {"version", "relu", "animateurs"}]
        valeurs = {nom: getattr(activite, nom) for nom in noms}
        return valeurs | {"animateurs": list(activite.animateurs.all()), "version": activite.version}

    @staticmethod
    def a_cocher(valeurs: dict[str, Any]) -> dict[str, Any]:
        """Ce que le formulaire montre d'abord : la fiche s'y choisit par sa clé."""
        fiche = valeurs.get("fiche")
        return valeurs | {"fiche": str(fiche.pk) if fiche is not None else ""}


class StructureForm(forms.Form):
    """Pour qui travaille dans plusieurs centres."""

    structure = forms.ModelChoiceField(Structure.objects.none(), label="Pour quel centre ?", empty_label=None)

    def __init__(self, structures: Any, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        champ: Any = self.fields["structure"]
        champ.queryset = structures
