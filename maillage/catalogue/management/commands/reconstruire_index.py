"""Refait l'index de recherche depuis la base ; le site répond pendant ce temps avec l'ancien."""

import time
from typing import Any

from django.core.management.base import CommandParser

from maillage.catalogue.recherche import IndexOccupe, index, reconstruire
from maillage.core.commandes import CommandeMaillage, Refus
from maillage.core.francais import compte, nombre


class Command(CommandeMaillage):
    help = "Refait l'index de recherche. Rien n'est perdu : il ne contient que ce qui est en base."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--si-besoin",
            action="store_true",
            help="seulement si l'index manque ou vient d'une autre version",
        )

    def faire(self, options: dict[str, Any]) -> dict[str, Any]:
        if options["si_besoin"] and index().est_pret():
            return {"reconstruit": False, "documents": None, "secondes": 0.0}
        debut = time.monotonic()
        try:
            documents = reconstruire()
        except IndexOccupe as occupation:
            raise Refus(f"{occupation} Réessayez dans un moment.") from occupation
        return {"reconstruit": True, "documents": documents, "secondes": round(time.monotonic() - debut, 2)}

    def raconter(self, resultat: dict[str, Any]) -> str:
        if not resultat["reconstruit"]:
            return "L'index est déjà prêt."
        return f"{compte(resultat['documents'], 'fiche')} en {nombre(resultat['secondes'], 1)} s."
