"""Rendre des expériences ou des blocs en fichier : json, csv, xlsx, ods. Une seule liste de colonnes pour tous.

    StreamingHttpResponse(exporter(experiences, "csv"), content_type=TYPES["csv"])

Les expériences viennent de `.completes()` (avec `.iterator(…)` pour un grand nombre).
"""

from collections.abc import Iterable, Iterator

from maillage.catalogue.exportation.colonnes import (
    COLONNES_BLOC,
    COLONNES_EXPERIENCE,
    ligne_de_bloc,
    ligne_de_fiche,
)
from maillage.catalogue.exportation.formats import FORMATS, TYPES, ecrire
from maillage.catalogue.models import BlocSource, Experience

__all__ = [
    "COLONNES_BLOC",
    "COLONNES_EXPERIENCE",
    "FORMATS",
    "TYPES",
    "exporter",
    "exporter_blocs",
    "ligne_de_fiche",
]


def exporter(experiences: Iterable[Experience], format: str, *, est_public: bool = True) -> Iterator[bytes]:
    """Le fichier, morceau par morceau. `est_public` : téléphones et courriels non vérifiés sont masqués."""
    lignes = (ligne_de_fiche(experience, est_public=est_public) for experience in experiences)
    return ecrire(lignes, COLONNES_EXPERIENCE, format, titre="Expériences")


def exporter_blocs(sources: Iterable[BlocSource], format: str) -> Iterator[bytes]:
    """Les blocs tels qu'ils ont été lus, aux clés de l'échange et à elles seules."""
    return ecrire((ligne_de_bloc(source) for source in sources), COLONNES_BLOC, format, titre="Blocs")
