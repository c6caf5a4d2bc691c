"""Ce qui manque à un projet, ou s'y contredit : des avertissements, que l'on lit, et qui n'empêchent rien.

Chaque sujet du projet offre les siens (`manques_…(projet)`) ; `projets.verification` les réunit.
"""

import hashlib
import re
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from maillage.projets.choices import GenreManque
from maillage.projets.models import ProjetSocial


@dataclass(frozen=True, slots=True)
class Place:
    """Un endroit précis où remédier. `page` et `parametres` : une adresse ; `ancre` : où, dans la page."""

    nom: str
    page: str
    parametres: tuple[tuple[str, str | int], ...]
    ancre: str = ""

    @property
    def adresse(self) -> str:
        return reverse(self.page, kwargs=dict(self.parametres)) + (f"#{self.ancre}" if self.ancre else "")


@dataclass(frozen=True, slots=True)
class Manque:
    """`ou` : le nom de la page du projet où l'on y remédie ; `places` : les endroits précis, quand on les sait.

    `cle` reconnaît le même point d'un jour à l'autre ; à défaut, la phrase, ses nombres mis à part.
    """

    phrase: str
    ou: str
    source: str = ""
    genre: GenreManque = GenreManque.COMPLETUDE
    cle: str = ""
    places: tuple[Place, ...] = ()

    @property
    def identite(self) -> str:
        return (self.cle or f"{self.ou} : {re.sub(r'[0-9]+', '#', self.phrase)}")[:200]

    @property
    def reference(self) -> str:
        """Ce qui le nomme dans une adresse."""
        return hashlib.sha256(self.identite.encode()).hexdigest()[:16]

    def adresse(self, projet: ProjetSocial) -> str:
        """L'endroit exact s'il n'y en a qu'un, sinon la page ; vide si elle n'existe pas ici."""
        if len(self.places) == 1:
            return self.places[0].adresse
        try:
            return reverse(self.ou, args=[projet.pk])
        except NoReverseMatch:
            return ""
