"""Un tableau de chiffres que l'on corrige cellule par cellule : des zones en colonnes, ce que l'on compte en lignes.

Sans script : la page offre toujours une colonne et des lignes vides ; vider un nom et ses cellules les ôte.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from maillage.core.saisie import une_ligne
from maillage.projets.importation.tableaux import lire_un_nombre

LIGNES_VIDES: Final = 3
ZONES_MAX: Final = 20
LIGNES_MAX: Final = 60
NOM_MAX: Final = 300
Ligne = dict[str, Any]


@dataclass(slots=True)
class Grille:
    """Ce que la page montre : les zones, et chaque ligne avec ses cellules, telles qu'on les a écrites."""

    zones: list[str]
    lignes: list[tuple[str, list[str]]]

    @classmethod
    def du_tableau(cls, zones: Iterable[str], lignes: Iterable[Mapping[str, Any]]) -> "Grille":
        return cls(
            list(zones), [(une["libelle"], [cellule["brut"] for cellule in une["valeurs"]]) for une in lignes]
        )

    def avec_des_vides(self) -> "Grille":
        """Une colonne et des lignes de plus."""
        zones = [*self.zones, ""]
        lignes = [*self.lignes, *[("", list[str]())] * LIGNES_VIDES]
        return Grille(
            zones, [(nom, [*cellules, *[""] * len(zones)][: len(zones)]) for nom, cellules in lignes]
        )

    def sans_les_vides(self) -> "Grille":
        """Lève `ValidationError` pour une cellule dont la ligne ou la colonne n'a pas de nom."""
        lignes = [(nom, cellules) for nom, cellules in self.lignes if nom or any(cellules)]
        if orphelines := next((cellules for nom, cellules in lignes if not nom), None):
            dite = next(cellule for cellule in orphelines if cellule)
            raise ValidationError(f"Nommez la ligne où vous avez écrit « {dite} ».")
        for rang, zone in enumerate(self.zones):
            perdue = next((cellules[rang] for _, cellules in lignes if cellules[rang]), "")
            if perdue and not zone:
                raise ValidationError(f"Nommez la colonne où vous avez écrit « {perdue} ».")
        gardees = [rang for rang, zone in enumerate(self.zones) if zone]
        return Grille(
            [self.zones[rang] for rang in gardees],
            [(nom, [cellules[rang] for rang in gardees]) for nom, cellules in lignes],
        )


class GrilleWidget(forms.Widget):
    use_fieldset = True
    entete = "Ce que l’on compte"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Grille:
        def lus(partie: str) -> list[str]:
            recus = data.getlist(f"{name}_{partie}") if hasattr(data, "getlist") else []
            return [une_ligne(str(un)) for un in recus]

        zones, noms, cellules = lus("zone"), lus("ligne"), lus("cellule")
        large = len(zones)
        cellules += [""] * (large * len(noms) - len(cellules))
        return Grille(zones, [(nom, cellules[i * large : (i + 1) * large]) for i, nom in enumerate(noms)])

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}_zone" not in data

    def use_required_attribute(self, initial: Any) -> bool:
        return False

    def id_for_label(self, id_: str, index: str = "0") -> str:
        return ""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        grille = value if isinstance(value, Grille) else Grille([], [])
        return render_to_string(
            "projets/elements/grille.html",
            {"nom": name, "grille": grille.avec_des_vides(), "entete": self.entete},
        )


class GrilleField(forms.Field):
    """Vaut une `Grille` sans ligne ni colonne vide."""

    widget = GrilleWidget

    def clean(self, value: Any) -> Grille:
        grille = value.sans_les_vides() if isinstance(value, Grille) else Grille([], [])
        if not grille.zones or not grille.lignes:
            raise ValidationError("Il faut au moins une colonne et une ligne, chacune avec son nom.")
        if len(grille.zones) > ZONES_MAX or len(grille.lignes) > LIGNES_MAX:
            raise ValidationError(
                f"{ZONES_MAX} colonnes et {LIGNES_MAX} lignes au plus. Faites-en deux tableaux."
            )
        if len(set(grille.zones)) < len(grille.zones):
            raise ValidationError("Deux colonnes portent le même nom. Changez-en un.")
        ecrits = [*grille.zones, *(mot for nom, cellules in grille.lignes for mot in (nom, *cellules))]
        if long := next((mot for mot in ecrits if len(mot) > NOM_MAX), ""):
            raise ValidationError(f"« {long[:40]}… » dépasse {NOM_MAX} signes. Raccourcissez-le.")
        return grille

    def dire(self, value: Grille) -> str:
        """Pour comparer deux versions."""
        return "\n".join(
            f"{nom} : "
            + " ; ".join(f"{zone} {dit or 'rien'}" for zone, dit in zip(value.zones, cellules, strict=True))
            for nom, cellules in value.lignes
        )


def lignes_du_tableau(grille: Grille, connues: Iterable[Mapping[str, Any]]) -> list[Ligne]:
    """Dans la forme de `TableauDiagnostic.lignes`. L'unité d'une ligne vaut pour ses cellules qui n'en disent pas."""
    unites = {une["libelle"]: next((c["unite"] for c in une["valeurs"] if c["unite"]), "") for une in connues}
    lignes = []
    for nom, cellules in grille.lignes:
        nombres = [lire_un_nombre(cellule) for cellule in cellules]
        unite = next((lu[1] for lu in nombres if lu and lu[1]), unites.get(nom, ""))
        valeurs = [
            {
                "zone": zone,
                "brut": brut,
                "valeur": lu[0] if lu else None,
                "unite": (lu[1] if lu else "") or unite,
            }
            for zone, brut, lu in zip(grille.zones, cellules, nombres, strict=True)
        ]
        lignes.append({"libelle": nom, "valeurs": valeurs})
    return lignes
