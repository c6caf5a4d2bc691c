"""Travaux du travailleur."""

from django_tasks import task

from maillage.personnes.operations import appliquer_la_conservation


@task()
def tenir_les_personnes() -> dict[str, int]:
    """Chaque jour : annoncer, effacer, oublier ce qui a fait son temps. Se répète sans effet."""
    return appliquer_la_conservation()
