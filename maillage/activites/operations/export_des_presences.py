"""Sortir les noms d'une activité : un acte de la direction, avec sa raison."""

from collections.abc import Iterator

from django.db import transaction

from maillage.activites.exportation.presences import presences_en_classeur
from maillage.activites.models import Activite
from maillage.comptes.models import Utilisateur
from maillage.core.ecriture import GesteRefuse
from maillage.core.journal import journaliser

RAISON_MINIMALE = 10


@transaction.atomic
def exporter_les_presences(activite: Activite, raison: str, *, par: Utilisateur) -> Iterator[bytes]:
    """Le classeur, morceau par morceau ; le journal garde qui, quand, pourquoi. Lève `GesteRefuse` sans raison."""
    if len(raison) < RAISON_MINIMALE:
        raise GesteRefuse(
            "Dites en quelques mots à quoi ce fichier va servir, par exemple « justificatif CLAS 2026 »."
        )
    journaliser(
        activite,
        "exporter_les_presences",
        f"{par.get_full_name()} a téléchargé les présences de « {activite} » : {raison}",
        par=par,
    )
    return presences_en_classeur(activite)
