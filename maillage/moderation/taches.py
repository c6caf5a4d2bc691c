"""Travaux du travailleur."""

from django_tasks import task

from maillage.moderation.operations.rappels import rappeler_les_retards


@task()
def rappeler() -> int:
    """Rappelle leurs retards aux modératrices ; rend le nombre de courriels. Se répète sans effet dans la journée."""
    return rappeler_les_retards()
