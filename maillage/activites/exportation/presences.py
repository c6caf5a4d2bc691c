"""Les présences d'une activité dans un tableur : à la direction, pour une raison qu'elle écrit."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from maillage.activites.feuille import SINGULIERS
from maillage.activites.models import Activite, Presence
from maillage.catalogue.exportation.formats import ecrire

COLONNES: Final = (
    "Séance",
    "Début",
    "Numéro",
    "Prénom",
    "Nom",
    "Rôle",
    "Âge au jour de la séance",
    "Notée par",
)
LOT: Final = 2000


def presences_en_classeur(activite: Activite) -> Iterator[bytes]:
    """Une ligne par présence nommée. Les venues sans nom sont des nombres : elles n'y sont pas."""
    presences = (
        Presence.objects.filter(seance__activite=activite)
        .select_related("personne", "notee_par", "seance")
        .order_by("seance__debut", "pk")
    )
    fuseau = activite.structure.fuseau
    return ecrire(_lignes(presences.iterator(chunk_size=LOT), fuseau), COLONNES, "xlsx", titre="Présences")


def _lignes(presences: Iterable[Presence], fuseau: Any) -> Iterator[dict[str, Any]]:
    for une in presences:
        debut = une.seance.debut.astimezone(fuseau)
        yield {
            "Séance": debut.date(),
            "Début": f"{debut:%H:%M}",
            "Numéro": une.personne_id,
            "Prénom": une.personne.prenom,
            "Nom": une.personne.nom,
            "Rôle": SINGULIERS[une.role],
            "Âge au jour de la séance": une.age,
            "Notée par": une.notee_par.get_full_name() if une.notee_par else "",
        }
