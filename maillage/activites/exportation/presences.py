"""Les présences d'une activité dans un tableur : à la direction, pour une raison qu'elle écrit."""

from collections.abc import Iterable, Iterator
from typing import Any, Final
from zoneinfo import ZoneInfo

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
    presences = Presence.objects.filter(seance__activite=activite).order_by("seance__debut", "pk")
    lues = presences.values_list(
        *("seance__debut", "personne", "personne__prenom", "personne__nom", "role", "age"),
        *("notee_par__prenom", "notee_par__nom"),
    )
    lignes = _lignes(lues.iterator(chunk_size=LOT), activite.structure.fuseau)
    return ecrire(lignes, COLONNES, "xlsx", titre="Présences")


def _lignes(presences: Iterable[tuple[Any, ...]], fuseau: ZoneInfo) -> Iterator[dict[str, Any]]:
    for debut, numero, prenom, nom, role, age, prenom_de_qui, nom_de_qui in presences:
        local = debut.astimezone(fuseau)
        qui = " ".join(filter(None, (prenom_de_qui, nom_de_qui)))
        valeurs = (local.date(), f"{local:%H:%M}", numero, prenom, nom, SINGULIERS[role], age, qui)
        yield dict(zip(COLONNES, valeurs, strict=True))
