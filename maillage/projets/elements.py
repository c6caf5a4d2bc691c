"""Les éléments qui entourent l'arbre, chacun avec ses champs : instances, chiffres, tableaux, sigles.

Un chapitre n'en est pas : il s'écrit à plusieurs, dans le dossier (`operations.chapitres`).
"""

from dataclasses import dataclass
from typing import Any, Final

from django.db import models
from django.db.models import QuerySet

from maillage.core.ecriture import empreinte
from maillage.projets.models import (
    ChiffreDiagnostic,
    Instance,
    ProjetSocial,
    Sigle,
    TableauDiagnostic,
)


@dataclass(frozen=True, slots=True)
class Genre:
    """`champs` : ce que l'on écrit. Sans `rang`, l'ordre vient du nom."""

    cle: str
    modele: type[models.Model]
    champs: tuple[str, ...]
    un: str
    titre: str
    invite: str
    icone: str

    @property
    def a_un_ordre(self) -> bool:
        return any(champ.name == "rang" for champ in self.modele._meta.fields)

    def du_projet(self, projet: ProjetSocial) -> QuerySet[Any]:
        return self.modele._default_manager.filter(projet=projet)

    def valeurs(self, element: models.Model) -> dict[str, Any]:
        return {champ: getattr(element, champ) for champ in self.champs}

    def empreinte(self, element: models.Model) -> str:
        """Ce que la page montrait : si l'élément a changé depuis, on ne l'écrase pas."""
        return empreinte([str(valeur) for valeur in self.valeurs(element).values()])


GENRES: Final[dict[str, Genre]] = {
    genre.cle: genre
    for genre in (
        Genre(
            "instances",
            Instance,
            ("nom", "genre", "role", "composition", "veut_la_parite"),
            "instance",
            "Gouvernance",
            "Un comité de pilotage, un comité d’usagers, le conseil d’administration.",
            "users-round",
        ),
        Genre(
            "chiffres",
            ChiffreDiagnostic,
            ("libelle", "valeur", "unite", "zone", "source", "annee"),
            "chiffre",
            "Chiffres du diagnostic",
            "Un chiffre, sa zone, sa source et son année.",
            "gauge",
        ),
        Genre(
            "tableaux",
            TableauDiagnostic,
            ("titre", "source", "zones", "lignes"),
            "tableau",
            "Tableaux du diagnostic",
            "Les familles monoparentales, quartier par quartier.",
            "table-2",
        ),
        Genre(
            "sigles",
            Sigle,
            ("sigle", "sens"),
            "sigle",
            "Sigles",
            "« EVS : espace de vie sociale ».",
            "languages",
        ),
    )
}
