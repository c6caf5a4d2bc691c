"""Remplace la base et les fichiers par ceux d'une sauvegarde."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from maillage.core.commandes import CommandeMaillage, Refus, appliquer_migrations
from maillage.core.conservation import apres_avoir_restaure
from maillage.core.sauvegarde import SauvegardeRefusee, compter_les_lignes, restaurer


class Command(CommandeMaillage):
    help = "Vérifie une sauvegarde et, avec --ecrire, la remet en place (web et travailleur arrêtés)."
    ecrit = True

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("archive", type=Path, metavar="FICHIER.tar.gz")
        parser.add_argument(
            "--autre-cle", action="store_true", help="accepter une archive signée par une clé perdue"
        )

    def faire(self, options: dict[str, Any]) -> dict[str, Any]:
        try:
            manifeste = restaurer(
                options["archive"], ecrire=options["ecrire"], autre_cle=options["autre_cle"]
            )
        except SauvegardeRefusee as refus:
            raise Refus(str(refus)) from refus
        if options["ecrire"]:
            appliquer_migrations()  # la sauvegarde peut venir d'une version plus ancienne
            apres_avoir_restaure()
        resume = {cle: manifeste[cle] for cle in ("faite_le", "version", "moteur")}
        fichiers = sum(nom.startswith("fichiers/") for nom in manifeste["empreintes"])
        return {
            "restauree": options["ecrire"],
            **resume,
            "fichiers": fichiers,
            "lignes": compter_les_lignes(),
        }

    def raconter(self, resultat: dict[str, Any]) -> str:
        if not resultat["restauree"]:
            return f"L'archive est intacte : sauvegarde du {resultat['faite_le']}."
        lignes, fichiers = sum(resultat["lignes"].values()), resultat["fichiers"]
        return (
            f"Restaurée : sauvegarde du {resultat['faite_le']}, {lignes} lignes en base, {fichiers} fichiers."
        )
