"""Travaux du travailleur."""

from django_tasks import task

from maillage.projets.operations.depots import balayer_les_depots, lire_depot
from maillage.projets.operations.retroplanning import rappeler_les_taches


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
