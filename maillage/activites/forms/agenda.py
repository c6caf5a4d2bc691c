"""Ce que l'on choisit dans l'agenda public : tout est dans l'adresse, et le flux du centre y répond aussi."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from maillage.core.formulaires import champ_de_date
from maillage.territoire.models import Commune, Site, Structure


class AgendaForm(forms.Form):
    """Un choix illisible ne compte pas : on montre plus, jamais une erreur."""

    commune = forms.ModelChoiceField(
        Commune.objects.none(), label="Ville", required=False, empty_label="Toutes"
    )
    centre = forms.ModelChoiceField(
        Structure.objects.none(), to_field_name="slug", required=False, empty_label="Tous"
    )
    lieu = forms.ModelChoiceField(Site.objects.none(), required=False, empty_label="Tous")
    age = forms.IntegerField(label="Âge", min_value=0, max_value=120, required=False)
    le = champ_de_date("À partir du", required=False)
    gratuit = forms.BooleanField(required=False)
    accessible = forms.BooleanField(label="Accessible en fauteuil", required=False)

    def __init__(self, adresse: Any, seances: QuerySet[Any], *, centre: Structure | None = None) -> None:
        """`seances` : celles des jours montrés. On n'offre que les villes et les centres où il s'en tient, et le
        centre de l'adresse, même un jour où il ne s'y passe rien. `centre` : celui d'un flux."""
        donnees = {cle: valeur.replace("\0", "")[:120] for cle, valeur in adresse.items()}
        if centre is not None:
            donnees["centre"] = centre.slug
        super().__init__(donnees, label_suffix="")
        champs: dict[str, Any] = self.fields
        actifs = set(seances.order_by().values_list("activite__structure", flat=True).distinct())
        demande = Structure.objects.visibles().filter(slug=donnees.get("centre", "")).first()
        centres = Structure.objects.filter(pk__in=actifs | ({demande.pk} if demande else set()))
        champs["centre"].queryset = centres.order_by("nom", "pk")
        communes = {*centres.values_list("commune", flat=True), donnees.get("commune")}
        champs["commune"].queryset = Commune.objects.filter(pk__in=communes - {None, ""}).order_by(
            "nom", "pk"
        )
        if demande is not None and demande.sites.count() > 1:
            champs["lieu"].queryset = demande.sites.all()
        else:
            del champs["lieu"]
        self.full_clean()

    def choisi(self, nom: str) -> Any:
        return self.cleaned_data.get(nom) or None

    def parmi(self, seances: Any) -> Any:
        """Les séances que ces choix gardent."""
        if centre := self.choisi("centre"):
            seances = seances.filter(activite__structure=centre)
        if commune := self.choisi("commune"):
            seances = seances.filter(activite__structure__commune=commune)
        if lieu := self.choisi("lieu"):
            seances = seances.annotate(ou_est=Coalesce(F("site"), F("activite__site"))).filter(ou_est=lieu.pk)
        if (age := self.cleaned_data.get("age")) is not None:
            seances = seances.pour_l_age(age)
        if self.choisi("gratuit"):
            seances = seances.filter(activite__prix=0)
        if self.choisi("accessible"):
            seances = seances.filter(activite__est_accessible=True)
        return seances

    @property
    def adresse(self) -> str:
        """« centre=deux-ponts&age=8 » : les choix compris, sans la date."""
        return self._adresse(sans={"le"})

    @property
    def adresse_du_flux(self) -> str:
        """Le flux est celui d'un centre : sa ville et lui-même sont dits."""
        return self._adresse(sans={"le", "centre", "commune"})

    @property
    def est_precis(self) -> bool:
        return bool(self.adresse)

    def _adresse(self, *, sans: set[str]) -> str:
        compris = (nom for nom, valeur in self.cleaned_data.items() if valeur not in (None, "", False))
        return urlencode({nom: self.data[nom] for nom in compris if nom not in sans})
