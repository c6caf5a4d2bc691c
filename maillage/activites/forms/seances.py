"""Poser une séance, la changer seule, l'annuler ; la règle d'une série."""

from datetime import date
from typing import Any, Final

from django import forms
from django.db.models import Q

from maillage.activites.calendrier_scolaire import zone_de, zones
from maillage.activites.forms.activites import GENRES
from maillage.activites.models import Activite, Seance, Theme
from maillage.activites.recurrence import DUREE_MAX, Regle
from maillage.catalogue.texte_libre import TexteLibreForm
from maillage.core.ecriture import empreinte
from maillage.core.formulaires import TexteField, Versionne, champ_de_date
from maillage.territoire.models import Site, Structure

JOURS: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
RYTHMES: Final = (
    (1, "chaque semaine"),
    (2, "une semaine sur deux"),
    (3, "une sur trois"),
    (4, "une sur quatre"),
)
FIN: Final = "La séance finit avant de commencer. Corrigez une des deux heures."


def champ_d_heure(libelle: str) -> forms.TimeField:
    return forms.TimeField(
        label=libelle,
        error_messages={"required": "Écrivez l’heure.", "invalid": "Écrivez une heure, comme 14:30."},
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )


class SeanceForm(TexteLibreForm):
    libres = ("mot",)
    jour = champ_de_date("Jour")
    debut = champ_d_heure("De")
    fin = champ_d_heure("À")
    site = forms.ModelChoiceField(Site.objects.none(), required=False, empty_label="Comme l’activité")
    lieu = forms.CharField(label="Salle ou lieu", max_length=120, required=False)
    genre = forms.ChoiceField(
        label="Genre de séance",
        choices=[("", "Comme l’activité"), *GENRES],
        required=False,
    )
    theme = forms.ModelChoiceField(
        Theme.objects.none(), label="Thème", required=False, empty_label="Pas de thème"
    )
    mot = TexteField(
        2000,
        label="Un mot pour l’équipe",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Ce qu’il faut préparer, ce qui s’est passé. Sans nom d’habitant.",
    )

    def __init__(self, activite: Activite, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        champs: dict[str, Any] = self.fields
        champs["site"].queryset = Site.objects.filter(structure=activite.structure_id)
        # Écarté depuis, le thème d'une séance passée y reste : c'est ce que l'on y a fait.
        sien = self.initial.get("theme")
        champs["theme"].queryset = activite.themes.filter(~Q(etat="ecarte") | Q(pk=sien and sien.pk))
        for nom in ("site", "theme"):
            if not champs[nom].queryset.exists():
                del self.fields[nom]

    def clean(self) -> dict[str, Any]:
        lus = super().clean()
        if lus.get("debut") and lus.get("fin") and lus["fin"] <= lus["debut"]:
            self.add_error("fin", FIN)
        return lus

    @classmethod
    def valeurs_de(cls, seance: Seance) -> dict[str, Any]:
        noms = ("site", "lieu", "genre", "theme", "mot")
        heures = {"debut": seance.debut_local.time(), "fin": seance.fin_local.time()}
        return {nom: getattr(seance, nom) for nom in noms} | heures | {"jour": seance.jour}


class RaisonForm(TexteLibreForm):
    libres = ("raison",)
    raison = forms.CharField(
        label="Pourquoi",
        max_length=200,
        help_text="Pour l’équipe seulement. L’agenda public dit « annulée », sans la raison.",
        error_messages={"required": "Dites pourquoi : l’équipe le relira au bilan."},
    )


class SerieForm(Versionne):
    """`vue` : l'empreinte de la règle dont la page a montré les dates. On n'enregistre que ce qui a été montré."""

    jour = forms.TypedChoiceField(
        label="Chaque", choices=[(str(rang), nom) for rang, nom in enumerate(JOURS)], coerce=int
    )
    debut = champ_d_heure("De")
    fin = champ_d_heure("À")
    du = champ_de_date("À partir du")
    au = champ_de_date("Jusqu’au")
    toutes_les = forms.TypedChoiceField(
        label="Rythme", choices=[(str(cle), dit) for cle, dit in RYTHMES], coerce=int, initial="1"
    )
    saute_les_vacances = forms.BooleanField(
        label="Pas pendant les vacances scolaires", required=False, initial=True
    )
    zone = forms.ChoiceField(label="Zone scolaire", required=False)
    saute_les_feries = forms.BooleanField(label="Pas les jours fériés", required=False, initial=True)
    vue = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, structure: Structure, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.departement = structure.departement_id or ""
        champ: Any = self.fields["zone"]
        champ.choices = [("", "Je ne sais pas"), *((zone, _dire(zone)) for zone in zones())]
        champ.initial = zone_de(self.departement)

    def clean(self) -> dict[str, Any]:
        lus = self.cleaned_data
        du, au = lus.get("du"), lus.get("au")
        if lus.get("debut") and lus.get("fin") and lus["fin"] <= lus["debut"]:
            self.add_error("fin", FIN)
        if du and au and au < du:
            self.add_error("au", "La série finit avant de commencer. Corrigez une des deux dates.")
        elif du and au and au - du > DUREE_MAX:
            self.add_error("au", "Une série dure deux ans au plus. Choisissez une date plus proche.")
        if lus.get("saute_les_vacances") and not lus.get("zone"):
            self.add_error("zone", "Choisissez la zone, ou décochez les vacances scolaires.")
        return lus

    @property
    def regle(self) -> Regle:
        lus = {nom: valeur for nom, valeur in self.cleaned_data.items() if nom not in {"version", "vue"}}
        return Regle(**lus, departement=self.departement)

    @property
    def empreinte(self) -> str:
        """Celle de la règle envoyée, que la page renvoie avec les dates qu'elle montre."""
        return empreinte({nom: str(valeur) for nom, valeur in self.regle.valeurs.items()})

    @property
    def est_vue(self) -> bool:
        return bool(self.cleaned_data["vue"] == self.empreinte)


def _dire(zone: str) -> str:
    return f"Zone {zone}" if len(zone) == 1 else zone


def premier_jour(aujourd_hui: date) -> dict[str, date]:
    """Ce que propose une série nouvelle : d'aujourd'hui à la fin de l'année scolaire."""
    fin = aujourd_hui.year + (aujourd_hui.month >= 7)
    return {"du": aujourd_hui, "au": date(fin, 7, 3)}
