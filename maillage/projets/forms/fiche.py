"""Une étape d'une fiche action : un champ de formulaire par champ, dans la forme où il s'échange (`projets.champs`).

Rien n'est obligatoire pour enregistrer, hors le titre : une fiche sans nom ne se retrouve pas.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString

from maillage.core.ecriture import Valeur
from maillage.core.formulaires import FormulaireEcrit, LigneDeNom, LignesDeNomsWidget, TexteField
from maillage.core.saisie import une_ligne
from maillage.projets.champs import CHAMPS, Champ, GenreChamp, elements, propre
from maillage.projets.choices import DegreParticipation, StatutFiche
from maillage.projets.citations import a_ecrire, ranger
from maillage.projets.equipe import equipe_du_projet
from maillage.projets.guide import AIDES, PEUT_CITER, Etape
from maillage.projets.lecture import Arbre
from maillage.projets.models import FicheAction, Objectif

TEXTE_MAX: Final = 20_000
COURTS: Final = {"titre": 300, "pilote_nom": 120}
NOM_MAX: Final = 200
GRANDS: Final = {"contexte", "presentation"}
Choix = list[Any]


class CitantField(TexteField):
    """Un texte où l'on peut citer : il s'écrit avec le nom de ce qu'il cite, il se garde en jetons."""

    def __init__(self, arbre: Arbre, **options: Any) -> None:
        super().__init__(TEXTE_MAX, **options)
        self.arbre = arbre

    def clean(self, value: Any) -> Any:
        return propre(ranger(super().clean(value)))

    def prepare_value(self, value: Any) -> Any:
        return a_ecrire(value, self.arbre) if isinstance(value, str) else value


class ListeField(CitantField):
    """Une ligne par élément."""

    def clean(self, value: Any) -> Any:
        return elements(super().clean(value).split("\n"))

    def prepare_value(self, value: Any) -> Any:
        return super().prepare_value("\n".join(value) if isinstance(value, list) else value)


class NomsWidget(LignesDeNomsWidget):
    """Les mêmes lignes que le catalogue, pour une valeur qui est un texte : un nom par ligne."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return "\n".join(ligne.nom for ligne in super().value_from_datadict(data, files, name))

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        lignes = [LigneDeNom(nom) for nom in (value or "").split("\n") if nom]
        return super().render(name, lignes, attrs, renderer)


class NomsField(ListeField):
    widget = NomsWidget

    def clean(self, value: Any) -> Any:
        noms = {nom.casefold(): nom for nom in super().clean(value)}
        if trop_long := next((nom for nom in noms.values() if len(nom) > NOM_MAX), ""):
            raise ValidationError(f"« {trop_long[:40]}… » est trop long pour un nom. Raccourcissez-le.")
        return sorted(noms.values(), key=str.casefold)


class CasesField(forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> list[str]:
        return sorted(super().clean(value), key=int)


class EtapeForm(FormulaireEcrit):
    """Les champs d'une étape, remplis des valeurs du moment."""

    def __init__(
        self, etape: Etape, fiche: FicheAction, arbre: Arbre, valeurs: Mapping[str, Valeur], data: Any = None
    ) -> None:
        super().__init__(data, initial={nom: valeurs[nom] for nom in etape.tous}, auto_id="%s")
        for nom in etape.tous:
            champ = _champ(CHAMPS[nom], fiche, arbre, valeurs[nom])
            if not isinstance(champ, CasesField) or champ.choices:  # rien à cocher : on n'en parle pas
                self.fields[nom] = champ

    def clean_titre(self) -> str:
        if not (titre := propre(self.cleaned_data["titre"])):
            raise ValidationError("Donnez un titre à la fiche : c’est par lui qu’on la retrouve.")
        return " ".join(titre.split())


def _champ(champ: Champ, fiche: FicheAction, arbre: Arbre, valeur: Valeur) -> forms.Field:
    options: dict[str, Any] = {"label": champ.libelle, "help_text": AIDES[champ.nom].aide}
    attributs = {"aria-describedby": f"{champ.nom}_helptext avis-{champ.nom}"}
    match champ.genre:
        case GenreChamp.COURT:
            entree = forms.TextInput(attrs={**attributs, "autocomplete": "off"})
            return TexteField(max(COURTS[champ.nom], len(valeur)), widget=entree, **options)
        case GenreChamp.CHOIX:
            menu = forms.Select(attrs=attributs) if champ.nom in {"objectif", "pilote"} else forms.RadioSelect
            return forms.ChoiceField(
                choices=_choix(champ.nom, fiche, arbre, [valeur]), required=False, widget=menu, **options
            )
        case GenreChamp.CASES:
            return CasesField(choices=_choix(champ.nom, fiche, arbre, valeur), required=False, **options)
        case GenreChamp.NOMS:
            return NomsField(arbre, **options)
    rangees = 9 if champ.nom in GRANDS else 4
    attributs |= {"rows": str(rangees), "placeholder": " "}
    if champ.nom in PEUT_CITER:
        attributs["data-citant"] = ""
    genre = CitantField if champ.genre == GenreChamp.LONG else ListeField
    return genre(arbre, widget=forms.Textarea(attrs=attributs), **options)


def _choix(nom: str, fiche: FicheAction, arbre: Arbre, choisis: Iterable[str]) -> Choix:
    """Ce que l'on peut choisir. Une personne partie reste proposée tant qu'elle est choisie."""
    projet = arbre.projet
    if nom == "statut":
        return list(StatutFiche.choices)
    if nom == "degre_participation":
        return list(DegreParticipation.choices)
    if nom == "annees":
        return [(str(annee), str(annee)) for annee in sorted({*projet.annees, *fiche.annees})]
    if nom == "specifiques":
        return [(str(un.pk), un.nom) for un in projet.specifiques.order_by("rang", "pk")]
    if nom in {"objectif", "autres_objectifs"}:
        objectifs = _objectifs_par_axe(arbre)
        if nom == "objectif":
            return [("", "À ranger plus tard"), *objectifs]
        return [choix for _, siens in objectifs for choix in siens if choix[0] != str(fiche.objectif_id)]
    personnes = {str(une.pk): une.get_full_name() for une in equipe_du_projet(projet)}
    connues = [fiche.pilote] if nom == "pilote" else list(fiche.equipe.all())
    personnes |= {str(une.pk): une.get_full_name() for une in connues if une and str(une.pk) in choisis}
    return (
        [("", "Personne pour l’instant"), *personnes.items()] if nom == "pilote" else list(personnes.items())
    )


def _objectifs_par_axe(arbre: Arbre) -> Choix:
    """Les objectifs, sous leur axe ; un opérationnel suit son général."""
    groupes = []
    for axe in arbre.axes:
        siens = []
        for enjeu in axe.enjeux:
            for general in enjeu.objectifs:
                siens.append((str(general.objectif.pk), general.objectif.titre))
                siens += [(str(o.objectif.pk), f"– {o.objectif.titre}") for o in general.operationnels]
        groupes.append((str(axe.axe), siens))
    return [groupe for groupe in groupes if groupe[1]]


class NouvelleFicheForm(forms.Form):
    titre = forms.CharField(label="Titre", max_length=COURTS["titre"], help_text=AIDES["titre"].aide)
    objectif = forms.ChoiceField(label="Objectif général", required=False, help_text=AIDES["objectif"].aide)

    def __init__(self, arbre: Arbre, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.arbre = arbre
        champ: Any = self.fields["objectif"]
        champ.choices = [("", "À ranger plus tard"), *_objectifs_par_axe(arbre)]

    def clean_titre(self) -> str:
        return une_ligne(self.cleaned_data["titre"])

    def objectif_choisi(self) -> Objectif | None:
        choisi = self.cleaned_data["objectif"]
        return Objectif.objects.filter(pk=choisi).first() if choisi else None
