"""« Qui a déjà essayé ? » : ce que coûte la liste, à côté de l'écriture d'une fiche action."""

from functools import partial
from typing import Final

from outils.mesures import Mesure, durees, nombre, p95

DUREE_MAXIMALE: Final = 0.060
BROUILLONS: Final = 40
TOURS: Final = 5


def mesurer_les_essais(fiches: int) -> Mesure:
    """Quarante fiches actions différentes, écrites avec les mots d'expériences prises d'un bout à l'autre du catalogue.

    Le pire des cas : chaque brouillon trouve des fiches proches, que l'on lit en base avec leurs essais.
    """
    from maillage.catalogue.models import Experience
    from maillage.projets.essais import essais_proches

    pas = max(1, fiches // BROUILLONS)
    lues = Experience.objects.publiees().order_by("pk")[::pas]
    brouillons = [
        {
            "titre": une.titre,
            "contexte": une.elements_diagnostic,
            "public": [une.resume],
            "presentation": une.description_experience or une.description,
        }
        for une in lues
    ]
    temps: list[float] = []
    trouvees = 0
    for brouillon in brouillons:
        trouvees += len(essais_proches(brouillon))
        temps += durees(partial(essais_proches, brouillon), tours=TOURS, chauffe=1)
    return Mesure(
        "« qui a déjà essayé ? », p95",
        f"≤ {nombre(DUREE_MAXIMALE * 1000, 0)} ms",
        f"{nombre(p95(temps) * 1000, 1)} ms",
        f"{len(brouillons)} brouillons × {TOURS}, {fiches} fiches, {trouvees} expériences montrées, base comprise",
        p95(temps) <= DUREE_MAXIMALE,
    )
