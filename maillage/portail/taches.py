"""Travaux du travailleur."""

from django_tasks import task

from maillage.portail.donnees_ouvertes.publication import publier


@task()
def publier_donnees() -> str:
    """Refait les fichiers de données ouvertes ; rend le nom de la version. Se répète sans effet."""
    return publier().nom
