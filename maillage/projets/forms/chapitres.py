"""Un chapitre : son titre et son texte, écrits à plusieurs (`core.ecriture`) ; sa place dans le plan ; les sigles."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from maillage.comptes.models import Utilisateur
from maillage.core.formulaires import FormulaireEcrit, TexteField, Versionne
from maillage.core.saisie import une_ligne
from maillage.projets.equipe import equipe_du_projet
from maillage.projets.jetons import a_ecrire, ranger
from maillage.projets.matiere import Matiere
from maillage.projets.models import Chapitre
from maillage.projets.operations.chapitres import CHAMPS
from maillage.projets.plan import Place

TEXTE_MAX: Final = 100_000
TITRE_MAX: Final = 500
NIVEAUX: Final = [(1, "Chapitre"), (2, "Partie d’un chapitre"), (3, "Sous-partie")]


class TexteDuDossierField(TexteField):
    """Il s'écrit avec le nom de ce qu'il cite, il se garde en jetons."""

    def __init__(self, matiere: Matiere, **options: Any) -> None:
        super().__init__(TEXTE_MAX, **options)
        self.matiere = matiere

    def clean(self, value: Any) -> str:
        return ranger(super().clean(value)).rstrip()

    def prepare_value(self, value: Any) -> Any:
        return a_ecrire(value, self.matiere) if isinstance(value, str) else value


class ChapitreForm(FormulaireEcrit):
    def __init__(self, valeurs: Mapping[str, str], matiere: Matiere, data: Any = None) -> None:
        super().__init__(data, initial=dict(valeurs), auto_id="%s")
        decrit = {"aria-describedby": "titre_helptext avis-titre", "autocomplete": "off"}
        self.fields["titre"] = TexteField(
            TITRE_MAX,
            label=CHAMPS["titre"],
            widget=forms.TextInput(attrs=decrit),
            help_text="Sans numéro : le dossier le donne.",
        )
        self.fields["texte"] = TexteDuDossierField(
            matiere,
            label=CHAMPS["texte"],
            help_text="Des phrases simples. La mise en forme se fait avec quelques signes, ou avec les boutons.",
            widget=forms.Textarea(
                attrs={
                    "aria-describedby": "texte_helptext avis-texte",
                    "rows": 16,
                    "placeholder": " ",
                    "data-citant": "",
                    "data-ecriture": "",
                }
            ),
        )

    def clean_titre(self) -> str:
        if not (titre := une_ligne(self.cleaned_data["titre"])):
            raise ValidationError("Donnez un titre au chapitre.")
        return titre


class ReglagesForm(Versionne):
    niveau = forms.TypedChoiceField(label="Place dans le plan", coerce=int, choices=NIVEAUX)
    responsable = forms.ModelChoiceField(
        label="Qui l’écrit",
        queryset=Utilisateur.objects.none(),
        required=False,
        empty_label="Personne pour l’instant",
    )

    def __init__(self, place: Place, data: Any = None, *, auto_id: str = "id_%s") -> None:
        chapitre: Chapitre = place.chapitre
        initial = {
            "niveau": place.niveau,
            "responsable": chapitre.responsable_id,
            "version": chapitre.version if chapitre.pk else 0,
        }
        super().__init__(data, initial=initial, auto_id=auto_id)
        champ: Any = self.fields["responsable"]
        champ.queryset = equipe_du_projet(chapitre.projet)
        champ.label_from_instance = lambda personne: personne.get_full_name()


class NouveauChapitreForm(forms.Form):
    titre = forms.CharField(
        label="Titre", max_length=TITRE_MAX, error_messages={"required": "Donnez un titre au chapitre."}
    )
    niveau = forms.TypedChoiceField(label="Place dans le plan", coerce=int, choices=NIVEAUX, initial=1)
    apres = forms.ChoiceField(label="Après", required=False)

    def __init__(self, plan: list[Place], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        champ: Any = self.fields["apres"]
        champ.choices = [
            ("", "À la fin du dossier"),
            *((place.repere, place.dit) for place in plan),
        ]


class RattacherForm(forms.Form):
    cle = forms.ChoiceField(label="Il répond au chapitre attendu")

    def __init__(self, attendus: list[Place], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        champ: Any = self.fields["cle"]
        champ.choices = [(place.chapitre.cle, place.titre) for place in attendus]
