"""La notice que la personne lit, ou entend, au moment où l'on note quelque chose d'elle (RGPD, articles 12 et 13)."""

from typing import Final

from maillage.personnes.durees import dire, jours_gardes

VERSION: Final = "2026-11"
"""À changer avec le texte : chaque accord garde la version montrée. Les anciennes restent dans l'histoire du dépôt."""

_COURTE: Final = (
    "Le centre note ce qu’il faut pour vous accueillir et pour compter les venues, sans nommer personne. "
    "Seuls l’accueil et la direction lisent votre fiche. Sans nouvelles de vous pendant {duree}, elle s’efface. "
    "Vous pouvez la voir, la corriger ou la faire effacer : demandez à l’accueil. "
    "En cas de désaccord, vous pouvez écrire à la Cnil, qui protège les données personnelles."
)


def notice_courte(structure_id: int) -> str:
    """Avec la durée que le centre a choisie."""
    return _COURTE.format(duree=dire(jours_gardes(structure_id)))
