"""Travaux du travailleur."""

import logging
from datetime import timedelta

from django_tasks import task

from maillage.catalogue.operations.alertes import effacer_les_alertes_oubliees, envoyer_les_alertes
from maillage.catalogue.operations.conservation import (
    effacer_les_auteurs_de_corrections,
    effacer_les_utilites_d_hier,
)
from maillage.catalogue.operations.tenue_des_fichiers import balayer_les_fichiers, verifier_fichiers
from maillage.core import courrier
from maillage.core.taches import est_du
from maillage.moderation.operations.conservation import effacer_les_courriels, effacer_les_empreintes

journal = logging.getLogger(__name__)
ENTRE_DEUX_VERIFICATIONS = timedelta(days=7)


@task()
def tenir_les_fichiers() -> int:
    """Chaque jour, efface ce qui ne sert plus ; chaque semaine, relit chaque fichier. Se répète sans effet."""
    if est_du("catalogue:verifier_fichiers", tous_les=ENTRE_DEUX_VERIFICATIONS):
        for fautif in verifier_fichiers()[1]:
            journal.error("Fichier %s : %s. Reprenez-le d'une sauvegarde.", fautif.faute, fautif.chemin)
    return balayer_les_fichiers()


@task()
def envoyer_les_nouvelles() -> int:
    """Les alertes dues aujourd'hui ; rend le nombre de courriels. Se répète sans rien envoyer deux fois."""
    return envoyer_les_alertes()


@task()
def effacer_les_traces_des_lecteurs() -> int:
    """Empreintes du jour, courriels d'un an, alertes jamais confirmées, courriers partis. Se répète sans effet."""
    effaces = (
        effacer_les_utilites_d_hier(),
        effacer_les_empreintes(),
        effacer_les_alertes_oubliees(),
        effacer_les_auteurs_de_corrections(),
        effacer_les_courriels(),
        courrier.oublier_les_anciens(),
    )
    return sum(effaces)
