"""Travaux du travailleur."""

import logging
from datetime import timedelta

from django_tasks import task

from maillage.catalogue.operations.tenue_des_fichiers import balayer_les_fichiers, verifier_fichiers
from maillage.core.taches import est_du

journal = logging.getLogger(__name__)
ENTRE_DEUX_VERIFICATIONS = timedelta(days=7)


@task()
def tenir_les_fichiers() -> int:
    """Chaque jour, efface ce qui ne sert plus ; chaque semaine, relit chaque fichier. Se répète sans effet."""
    if est_du("catalogue:verifier_fichiers", tous_les=ENTRE_DEUX_VERIFICATIONS):
        for fautif in verifier_fichiers()[1]:
            journal.error("Fichier %s : %s. Reprenez-le d'une sauvegarde.", fautif.faute, fautif.chemin)
    return balayer_les_fichiers()
