"""`exporter_projet ID --format json|docx|pdf|html|xlsx --sortie F` : un projet entier dans un fichier."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from maillage.core.commandes import CommandeMaillage, Refus, UsageFaux
from maillage.projets.exportation import FORMATS, exporter
from maillage.projets.models import ProjetSocial


class Command(CommandeMaillage):
    help = "Exporte un projet social (json, docx, pdf, html ou xlsx)."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("id", type=int, metavar="ID", help="le numéro du projet")
        parser.add_argument("--format", choices=tuple(FORMATS), required=True)
        parser.add_argument("--sortie", required=True, help="fichier à écrire ; - pour la sortie standard")

    def faire(self, options: dict[str, Any]) -> Any:
        """Écrit le fichier d'abord à côté, puis à sa place : un export coupé n'abîme pas le précédent."""
        vers_la_sortie = options["sortie"] == "-"
        if vers_la_sortie and options["json"] and options["format"] != "json":
            raise UsageFaux(
                "--json et --sortie - veulent tous deux la sortie standard. Choisissez un fichier."
            )
        projet = ProjetSocial.objects.select_related("structure").filter(pk=options["id"]).first()
        if projet is None:
            raise Refus(f"Aucun projet ne porte le numéro {options['id']}.")
        octets = exporter(projet, options["format"])
        if vers_la_sortie and options["json"]:
            return json.loads(octets)
        if vers_la_sortie:
            sys.stdout.buffer.write(octets)
        else:
            sortie = Path(options["sortie"])
            a_cote = sortie.with_name(f".{sortie.name}.en-cours")
            a_cote.write_bytes(octets)
            a_cote.replace(sortie)
        return {
            "id": projet.pk,
            "nom": projet.nom,
            "format": options["format"],
            "sortie": options["sortie"],
            "octets": len(octets),
        }

    def raconter(self, resultat: Any) -> str | list[str]:
        if resultat["sortie"] == "-":
            return []
        return f"« {resultat['nom']} » est dans {resultat['sortie']}."
