"""Travaux du travailleur."""

from django_tasks import task

from maillage.projets.operations.depots import balayer_les_depots, lire_depot
from maillage.projets.operations.pieces import balayer_les_pieces
from maillage.projets.operations.retroplanning import rappeler_les_taches
from maillage.projets.operations.verification import noter_toutes_les_verifications


@task()
def rappeler_la_semaine() -> int:
    """Rappelle les tâches de la semaine ; rend le nombre de courriels. Se répète sans effet."""
    return rappeler_les_taches()


@task()
def lire_le_depot(depot_id: int) -> None:
    """Lit un long document déposé. Se répète sans effet."""
    lire_depot(depot_id)


@task()
def tenir_les_depots() -> int:
    """Efface les documents déposés qu'aucun dépôt ne nomme ; rend leur nombre. Se répète sans effet."""
    return balayer_les_depots()


@task()
def tenir_les_pieces() -> int:
    """Efface les pièces de dossier que rien ne nomme plus ; rend leur nombre. Se répète sans effet."""
    return balayer_les_pieces()


@task()
def noter_les_verifications() -> int:
    """Date les points de chaque dossier, clôt les réglés ; rend le nombre de projets. Se répète sans effet."""
    return noter_toutes_les_verifications()
