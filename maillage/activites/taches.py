"""Travaux du travailleur."""

from django_tasks import task

from maillage.activites.operations import inscriptions


@task()
def tenir_les_places() -> int:
    """Reprend les places proposées dont le délai est passé ; rend leur nombre. Se répète sans effet."""
    return inscriptions.tenir_les_places()
