"""Travaux du travailleur."""

from django_tasks import task

from maillage.comptes.operations import appliquer_les_departs, endormir_les_dormants, prevenir_les_dormants
from maillage.comptes.operations.essais import oublier_les_vieux_essais


@task()
def tenir_les_comptes() -> dict[str, int]:
    """Chaque jour : les départs arrivés, les comptes dormants, les vieux essais. Se répète sans effet."""
    fermees = appliquer_les_departs()
    endormis = endormir_les_dormants()
    prevenus = prevenir_les_dormants()
    oublier_les_vieux_essais()
    return {"departs": fermees, "endormis": endormis, "prevenus": prevenus}
