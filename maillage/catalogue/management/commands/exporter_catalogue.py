"""`exporter_catalogue --format json|csv|xlsx|ods --sortie F` : tout ce qui est publié, ou les blocs d'origine."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from maillage.catalogue.exportation import FORMATS, exporter, exporter_blocs
from maillage.catalogue.models import BlocSource, Experience
from maillage.core.commandes import CommandeMaillage, UsageFaux

LOT = 500


class Command(CommandeMaillage):
    help = "Exporte les expériences publiées (json, csv, xlsx ou ods)."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=FORMATS, required=True)
        parser.add_argument("--sortie", required=True, help="fichier à écrire ; - pour la sortie standard")
        parser.add_argument(
            "--par",
            choices=("experience", "bloc"),
            default="experience",
            help="bloc : les blocs lus, tels quels",
        )

    def faire(self, options: dict[str, Any]) -> Any:
        """Écrit le fichier d'abord à côté, puis à sa place : un export coupé n'abîme pas le précédent."""
        vers_la_sortie = options["sortie"] == "-"
        if vers_la_sortie and options["json"] and options["format"] != "json":
            raise UsageFaux(
                "--json et --sortie - veulent tous deux la sortie standard. Choisissez un fichier."
            )
        if options["par"] == "bloc":
            sources = BlocSource.objects.order_by("fichier_source", "position", "pk")
            nombre, morceaux = sources.count(), exporter_blocs(sources.iterator(LOT), options["format"])
        else:
            publiees = Experience.objects.publiees().order_by("pk")
            nombre = publiees.count()
            morceaux = exporter(publiees.completes().iterator(LOT), options["format"], est_public=False)
        if vers_la_sortie and options["json"]:
            return json.loads(b"".join(morceaux))
        if vers_la_sortie:
            for morceau in morceaux:
                sys.stdout.buffer.write(morceau)
        else:
            sortie = Path(options["sortie"])
            a_cote = sortie.with_name(f".{sortie.name}.en-cours")
            with a_cote.open("wb") as fichier:
                fichier.writelines(morceaux)
            a_cote.replace(sortie)
        return {
            "format": options["format"],
            "par": options["par"],
            "sortie": options["sortie"],
            "nombre": nombre,
        }

    def raconter(self, resultat: Any) -> str | list[str]:
        if resultat["sortie"] == "-":
            return []
        objets = "blocs" if resultat["par"] == "bloc" else "expériences"
        return f"{resultat['nombre']} {objets} dans {resultat['sortie']}."
