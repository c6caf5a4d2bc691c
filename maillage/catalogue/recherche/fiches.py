"""Lire les quelques fiches qu'une recherche a retenues : deux requêtes rejouées, à chaque pause de qui écrit."""

from typing import Final

from maillage.catalogue.models import Experience, PointAVerifier
from maillage.core.requete_rejouee import RequeteRejouee

FICHES_MAX: Final = 4

_fiches = RequeteRejouee(
    lambda *pks: (
        Experience.objects.publiees().filter(pk__in=pks).select_related("structure__departement").order_by()
    ),
    FICHES_MAX,
)
_points = RequeteRejouee(
    lambda *pks: PointAVerifier.objects.filter(experience__pk__in=pks).order_by("pk"), FICHES_MAX
)


def fiches_publiees(pks: list[int]) -> dict[int, Experience]:
    """Celles de ces numéros (de un à `FICHES_MAX`) qui sont publiées, avec leur structure et leurs points à vérifier.

    De quoi les lire par `texte_public`, qui masque ces points.
    """
    cles = [*pks, *pks[:1] * (FICHES_MAX - len(pks))]
    fiches = {fiche.pk: fiche for fiche in _fiches(*cles)}
    for fiche in fiches.values():
        fiche.ses_points = []
    for point in _points(*cles):
        if point.experience_id in fiches:
            fiches[point.experience_id].ses_points.append(point)
    return fiches
