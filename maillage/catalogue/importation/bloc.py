"""Une fiche telle que la page source la donne, sans rien y changer."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from maillage.catalogue.choices import TEXTES


@dataclass(slots=True)
class Bloc:
    """`""` : le libellé est là, sans rien dessous. `None` : il est absent (fichiers, raison, précision)."""

    fichier_source: str
    position: int
    """Rang dans la page, à partir de 1."""
    ligne: int
    """Ligne de la page où la fiche commence, à partir de 1."""
    titre: str
    structure_brute: str
    structure_nom: str
    departement: str
    fichiers_associes: list[str] | None
    statut: str
    raison_fin: str | None = None
    dimensions: list[str] = field(default_factory=list)
    mots_cles: list[str] = field(default_factory=list)
    resume: str = ""
    initiatives: list[str] = field(default_factory=list)
    initiative_precision: str | None = None
    territoire: str = ""
    description_experience: str = ""
    publics: list[str] = field(default_factory=list)
    partenaires_action: list[str] = field(default_factory=list)
    description: str = ""
    ressources_financieres: str = ""
    personnes_mobilisees: str = ""
    resultat_territoire: str = ""
    resultat_centre: str = ""
    resultat_habitants: str = ""
    limites: str = ""
    perspectives: str = ""
    version: int = 2
    """2 : la fiche actuelle. 1 : l'ancienne, dont les questions étaient autres."""
    themes: list[str] = field(default_factory=list)
    """Fiche ancienne seulement."""
    elements_diagnostic: str = ""
    """Fiche ancienne seulement : ce qui était à l'origine de l'expérience."""
    impacts: str = ""
    """Fiche ancienne seulement : effets sur le public, le centre social et l'environnement, mêlés."""
    financeurs: dict[str, Decimal | None] = field(default_factory=dict)
    """Qui finance, et combien quand on le sait. La page du catalogue ne le montre pas ; d'autres sources, si."""
    depuis_le: date | None = None
    """Premier jour du mois de départ, quand la source le dit."""
    publie_le: datetime | None = None
    """Vide : le jour de l'import."""
    signalements: list[str] = field(default_factory=list)
    """Bizarreries lues sans dommage, à montrer à qui modère."""

    def en_dict(self) -> dict[str, Any]:
        """La fiche aux clés et aux valeurs de l'échange (`docs/format-du-catalogue.md`)."""
        return {cle: getattr(self, cle) for cle in CLES}


CLES = (
    "fichier_source",
    "position",
    "titre",
    "structure_brute",
    "structure_nom",
    "departement",
    "fichiers_associes",
    "statut",
    "raison_fin",
    "dimensions",
    "mots_cles",
    "resume",
    "initiatives",
    "initiative_precision",
    "territoire",
    "description_experience",
    "publics",
    "partenaires_action",
    "description",
    "ressources_financieres",
    "personnes_mobilisees",
    "resultat_territoire",
    "resultat_centre",
    "resultat_habitants",
    "limites",
    "perspectives",
)
"""Les clés de l'échange, dans leur ordre."""


def textes(bloc: Bloc) -> dict[str, str]:
    """Les textes libres d'une fiche, par champ. Un libellé absent vaut un texte vide."""
    return {champ: getattr(bloc, champ) or "" for champ in TEXTES}
