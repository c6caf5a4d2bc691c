"""Emplacements : une page montre une pièce du dessus sans l'importer.

Une pièce du dessus déclare, dans son `AppConfig.ready()`, un nom d'URL pour un emplacement ; la page du dessous
écrit `{% emplacement "experience.apres_resultats" experience.pk %}`. Sans JavaScript c'est un lien ; avec, un
fragment. Un emplacement sans occupant n'affiche rien.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True)
class Occupant:
    nom_url: str
    libelle: str

    def adresse(self, *arguments: object) -> str | None:
        """Adresse du fragment, ou rien quand l'URL n'existe pas dans cette installation."""
        try:
            return reverse(self.nom_url, args=arguments)
        except NoReverseMatch:
            return None


_occupants: dict[str, list[Occupant]] = defaultdict(list)


def occuper(emplacement: str, nom_url: str, libelle: str) -> None:
    occupant = Occupant(nom_url, libelle)
    if occupant not in _occupants[emplacement]:
        _occupants[emplacement].append(occupant)


def occupants(emplacement: str) -> list[Occupant]:
    return list(_occupants.get(emplacement, ()))
