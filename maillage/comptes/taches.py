"""Travaux du travailleur."""

from django_tasks import task

from maillage.comptes.operations import appliquer_les_departs, endormir_les_dormants, prevenir_les_dormants
from maillage.comptes.operations.effacement import effacer_les_anciens, effacer_les_invitations_sans_suite
from maillage.comptes.operations.essais import oublier_les_vieux_essais


@task()
def tenir_les_comptes() -> dict[str, int]:
    """Chaque jour : les départs arrivés, les comptes dormants, ce qui s’efface. Se répète sans effet."""
    fermees = appliquer_les_departs()
    endormis = endormir_les_dormants()
    prevenus = prevenir_les_dormants()
    effaces = effacer_les_anciens()
    effacer_les_invitations_sans_suite()
    oublier_les_vieux_essais()
    return {"departs": fermees, "endormis": endormis, "prevenus": prevenus, "effaces": effaces}
