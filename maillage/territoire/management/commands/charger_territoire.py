from collections.abc import Iterable
from typing import Any

from maillage.core.commandes import CommandeMaillage, Refus
from maillage.territoire.operations import ReferentielAbsent, charger_territoire, territoire_est_charge


class Command(CommandeMaillage):
    help = "Charge régions, départements, intercommunalités et communes (sans effet si c'est déjà fait)."
    ecrit = True

    def faire(self, options: dict[str, Any]) -> dict[str, Any]:
        if territoire_est_charge():
            return {"deja_charge": True}
        if not options["ecrire"]:
            return {"deja_charge": False}
        try:
            return {"deja_charge": False, **charger_territoire()}
        except ReferentielAbsent as absent:
            raise Refus(
                f"Le fichier « {absent.filename} » manque : lancez « bin/demo » ou « bin/maillage », "
                "qui installent les données, puis recommencez."
            ) from absent

    def raconter(self, resultat: dict[str, Any]) -> Iterable[str]:
        if resultat["deja_charge"]:
            yield "Le territoire est déjà chargé : rien à faire."
        elif "communes" not in resultat:
            yield "Le territoire n'est pas encore chargé."
        else:
            yield (
                "Territoire chargé : {communes} communes, {departements} départements et collectivités, "
                "{intercommunalites} intercommunalités."
            ).format(**resultat)
