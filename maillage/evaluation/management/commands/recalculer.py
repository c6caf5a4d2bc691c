"""Recompte les indicateurs : tous, ou ceux d'une structure. Rejouable : le même compte donne les mêmes valeurs."""

from typing import Any

from django.core.management.base import CommandParser

from maillage.core.commandes import CommandeMaillage, Refus
from maillage.core.francais import compte
from maillage.evaluation.calcul import Centre
from maillage.evaluation.operations import recalculer_centre, recalculer_fiches
from maillage.projets.choices import SourceIndicateur
from maillage.projets.models import FicheAction, ValeurCalculee
from maillage.territoire.models import Structure


class Command(CommandeMaillage):
    help = "Recompte les indicateurs calculés : recalculer [--structure N] --ecrire"
    ecrit = True

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--structure", metavar="S", help="adresse d'une structure ; toutes par défaut")

    def faire(self, options: dict[str, Any]) -> dict[str, int]:
        structures = Structure.objects.filter(
            projets__fiches__indicateurs__source=SourceIndicateur.CALCUL
        ).distinct()
        if slug := options["structure"]:
            structures = Structure.objects.filter(slug=slug)
            if not structures.exists():
                raise Refus(f"Aucune structure n'a l'adresse « {slug} ». Vérifiez-la dans l'annuaire.")
        lues = list(structures.order_by("pk"))
        fiches = FicheAction.objects.filter(
            projet__structure__in=lues, indicateurs__source=SourceIndicateur.CALCUL
        )
        bilan = {"structures": len(lues), "fiches": fiches.distinct().count(), "valeurs": 0}
        if options["ecrire"]:
            for structure in lues:
                centre = Centre(structure)
                recalculer_centre(centre)
                siennes = fiches.filter(projet__structure=structure).select_related("projet__structure")
                recalculer_fiches(
                    ((fiche, None) for fiche in siennes.distinct().order_by("pk")), centre=centre
                )
            valeurs = ValeurCalculee.objects.filter(indicateur__fiche__projet__structure__in=lues)
            bilan["valeurs"] = valeurs.count()
        return bilan

    def raconter(self, resultat: dict[str, int]) -> str:
        return (
            f"{compte(resultat['structures'], 'structure')}, {compte(resultat['fiches'], 'fiche')} : "
            f"{compte(resultat['valeurs'], 'valeur calculée,valeurs calculées')}."
        )
