"""`importer_catalogue FICHIER… [--ecrire]` : des pages du catalogue national vers des fiches publiées."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from maillage.catalogue.importation.lecture import DocumentIllisible, Lecture, lire
from maillage.catalogue.operations.importation import Bilan, importer_blocs, prevoir_blocs
from maillage.catalogue.recherche import rattraper_index
from maillage.core.commandes import CommandeMaillage, Refus
from maillage.core.journal import SYSTEME
from maillage.territoire.operations import ReferentielAbsent, charger_territoire, territoire_est_charge


class Command(CommandeMaillage):
    help = "Importe des pages du catalogue national. Se répète sans effet."
    ecrit = True

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("fichiers", nargs="+", type=Path, metavar="FICHIER")

    def faire(self, options: dict[str, Any]) -> dict[str, Any]:
        """Rend le bilan et les blocs lus. Un seul fichier illisible, et rien n'est écrit d'aucun."""
        lectures = {chemin: self._lire(chemin) for chemin in options["fichiers"]}
        bilan = Bilan()
        for chemin, lecture in lectures.items():
            for rejet in lecture.rejets:
                bilan.rejeter(chemin.name, rejet.position, rejet.ligne, rejet.motif)
        blocs = [bloc for lecture in lectures.values() for bloc in lecture.blocs]
        if not blocs:
            raise Refus("Aucune fiche lisible. " + " ".join(map(_en_phrase, bilan.details)))
        if options["ecrire"]:
            self._charger_le_territoire()
            importer_blocs(blocs, par=SYSTEME, bilan=bilan)
            rattraper_index()
        else:
            prevoir_blocs(blocs, bilan=bilan)
        return bilan.en_dict() | {"blocs": [bloc.en_dict() for bloc in blocs]}

    def raconter(self, resultat: dict[str, Any]) -> Iterator[str]:
        yield (
            f"{resultat['lues']} fiches lues : {resultat['creees']} créées, {resultat['fusionnees']} fusionnées, "
            f"{resultat['repetees']} répétées, {resultat['inchangees']} inchangées, {resultat['rejetees']} rejetées."
        )
        yield from map(_en_phrase, resultat["details"])

    def _lire(self, chemin: Path) -> Lecture:
        try:
            return lire(chemin, chemin.name)
        except DocumentIllisible as illisible:
            raise Refus(f"{chemin.name} : {illisible}") from illisible

    def _charger_le_territoire(self) -> None:
        """Sans les départements, les fiches importées ne se trouveraient pas par lieu."""
        if territoire_est_charge():
            return
        try:
            self.dire("Chargement du découpage administratif…")
            charger_territoire()
        except ReferentielAbsent:
            self.dire("Le découpage administratif manque : les structures n'auront pas de département.")


def _en_phrase(detail: dict[str, Any]) -> str:
    return "{fichier_source}, fiche {position}, ligne {ligne} : {motif}".format_map(detail)
