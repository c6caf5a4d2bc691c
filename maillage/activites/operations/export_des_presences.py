"""Sortir les noms d'une activité : un acte de la direction, avec sa raison."""

from django.db import transaction

from maillage.activites.models import Activite
from maillage.comptes.models import Utilisateur
from maillage.core.ecriture import GesteRefuse
from maillage.core.journal import journaliser

RAISON_MINIMALE = 10


@transaction.atomic
def noter_l_export(activite: Activite, raison: str, *, par: Utilisateur) -> None:
    """Le journal garde qui, quand, pourquoi ; la page rend ensuite le fichier. Lève `GesteRefuse` sans raison."""
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
