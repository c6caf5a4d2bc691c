"""Emplacements : une page montre une pièce du dessus sans l'importer.

Une pièce du dessus déclare, dans son `AppConfig.ready()`, un nom d'URL pour un emplacement ; la page du dessous
écrit `{% emplacement "experience.apres_resultats" experience.pk %}`. Sans JavaScript c'est un lien ; avec, un
fragment. Un emplacement sans occupant n'affiche rien.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True)
class Occupant:
    nom_url: str
    libelle: str
    droit: Callable[[Any], bool] | None = None
    """Qui le voit ; sans droit, chacun."""

    def adresse(self, *arguments: object) -> str | None:
        """Adresse du fragment, ou rien quand l'URL n'existe pas dans cette installation."""
        try:
            return reverse(self.nom_url, args=arguments)
        except NoReverseMatch:
            return None


_occupants: dict[str, list[Occupant]] = defaultdict(list)


def occuper(
    emplacement: str, nom_url: str, libelle: str, *, droit: Callable[[Any], bool] | None = None
) -> None:
    occupant = Occupant(nom_url, libelle, droit)
    if occupant not in _occupants[emplacement]:
        _occupants[emplacement].append(occupant)


def occupants(emplacement: str, utilisateur: Any = None) -> list[Occupant]:
    """Ceux que cette personne peut ouvrir, dans l'ordre des déclarations."""
    return [
        occupant
        for occupant in _occupants.get(emplacement, ())
        if occupant.droit is None or occupant.droit(utilisateur)
    ]
