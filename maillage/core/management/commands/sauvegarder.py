"""Sauvegarde la base et les fichiers dans une archive."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from maillage.core.commandes import CommandeMaillage, Refus
from maillage.core.sauvegarde import SauvegardeRefusee, sauvegarder


class Command(CommandeMaillage):
    help = "Sauvegarde la base et les fichiers dans une archive (sans la clé secrète ni l'index)."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--sortie", type=Path, required=True, metavar="FICHIER.tar.gz")

    def faire(self, options: dict[str, Any]) -> dict[str, Any]:
        sortie: Path = options["sortie"]
        if sortie.exists():
            raise Refus(
                f"« {sortie} » existe déjà. Choisissez un autre nom : une sauvegarde ne s'écrase pas."
            )
        try:
            manifeste = sauvegarder(sortie)
        except SauvegardeRefusee as refus:
            raise Refus(str(refus)) from refus
        return {
            "sortie": str(sortie),
            "octets": sortie.stat().st_size,
            "cle_a_garder_ailleurs": "MAILLAGE_SECRET"
            if settings.EN_PRODUCTION
            else str(settings.MAILLAGE_DONNEES / "secret"),
            **manifeste,
        }

    def raconter(self, resultat: dict[str, Any]) -> str:
        return (
            f"Sauvegardé dans {resultat['sortie']} ({resultat['octets']} octets). La clé secrète n'y est pas : "
            f"gardez-la ailleurs, sous clé ({resultat['cle_a_garder_ailleurs']})."
        )
