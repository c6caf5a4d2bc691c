"""Les contenus publics que l'on peut désigner par l'adresse de leur page : pour les signaler, par exemple.

La pièce qui possède la page déclare, dans son `AppConfig.ready()`, comment retrouver ce qu'elle montre. Une pièce du
dessous le désigne alors sans la connaître.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.db import models
from django.urls import Resolver404, resolve


@dataclass(frozen=True, slots=True)
class Contenu:
    """Ce que montre une page. `nature` : « la fiche », « le commentaire » ; `structure` : celle dont c'est le texte."""

    objet: models.Model
    nature: str
    titre: str
    adresse: str
    structure: Any = None


Lecteur = Callable[..., Contenu | None]
_lecteurs: dict[str, Lecteur] = {}


def declarer(nom_url: str, lire: Lecteur) -> None:
    """`lire(utilisateur, **arguments du chemin)` rend ce que cette personne voit à cette adresse, ou rien."""
    _lecteurs[nom_url] = lire


def contenu_a(adresse: str, utilisateur: Any) -> Contenu | None:
    """Le contenu de cette page de la maison ; rien si elle n'en montre pas, ou que cette personne ne la voit pas."""
    try:
        trouvee = resolve(urlsplit(adresse).path)
    except (Resolver404, ValueError):
        return None
    lire = _lecteurs.get(trouvee.view_name)
    return lire(utilisateur, **trouvee.kwargs) if lire else None
