"""Écrire les cellules de l'année d'un centre. Comme une valeur calculée : ni journal, ni changement noté."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from maillage.core.suivi import derniere_position
from maillage.evaluation.calcul import Centre
from maillage.evaluation.choices import Grandeur
from maillage.evaluation.models import AnneeDuCentre, Cellule
from maillage.evaluation.tableau.comptes import annees_de, compter_l_annee


def recalculer_centre(
    centre: Centre, annees: Iterable[int] | None = None, grandeurs: Iterable[Grandeur] = tuple(Grandeur)
) -> None:
    """Recompte ces grandeurs ces années-là, toutes par défaut. Peut se répéter, et se faire à plusieurs : le calcul
    qui a vu le plus de changements l'emporte."""
    voulues = list(grandeurs)
    if annees is None:
        connues = AnneeDuCentre.objects.filter(structure=centre.structure).values_list("annee", flat=True)
        annees = {*annees_de(centre.structure), *connues}  # une année vidée redevient zéro
    for annee in sorted(annees):
        _recalculer(centre, annee, voulues)


def _recalculer(centre: Centre, annee: int, grandeurs: list[Grandeur]) -> None:
    """On lit d'abord, sans tenir la base ; on écrit ensuite, d'un trait."""
    vu = derniere_position()
    resultat = compter_l_annee(centre, annee, grandeurs)
    with transaction.atomic():
        tenue, _ = AnneeDuCentre.objects.select_for_update().get_or_create(
            structure=centre.structure, annee=annee
        )
        ecrites = {une for une in grandeurs if tenue.vus.get(une.value, 0) <= vu}
        Cellule.objects.filter(annee=tenue, grandeur__in=ecrites).delete()
        nouvelles = [une for une in resultat.cellules if une.grandeur in ecrites]
        for cellule in nouvelles:
            cellule.annee = tenue
        Cellule.objects.bulk_create(nouvelles)
        tenue.vus |= {une.value: vu for une in ecrites}
        tenue.couvertures |= {une.value: resultat.couvertures[une.value] for une in ecrites}
        tenue.calculee_le = timezone.now()
        tenue.save(update_fields=["vus", "couvertures", "calculee_le"])
