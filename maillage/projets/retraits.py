"""Ce que l'on vient de retirer et que l'on peut remettre : le journal l'a gardé."""

from datetime import timedelta
from typing import Final

from django.utils import timezone

from maillage.core.models import LigneJournal
from maillage.projets.histoire import histoire
from maillage.projets.models import ProjetSocial

REMISE: Final = timedelta(days=1)


def besoin_a_remettre(projet: ProjetSocial) -> LigneJournal | None:
    """Le dernier besoin retiré depuis peu, s'il n'est pas déjà remis."""
    derniere = histoire(projet).filter(acte__in=("retirer_le_besoin", "remettre_le_besoin")).first()
    if derniere is None or derniere.acte == "remettre_le_besoin":
        return None
    return derniere if derniere.fait_le > timezone.now() - REMISE else None
