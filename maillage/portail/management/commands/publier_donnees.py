from typing import Any

from maillage.core.commandes import CommandeMaillage
from maillage.portail.donnees_ouvertes.publication import derniere, publier


class Command(CommandeMaillage):
    help = "Produit les fichiers de données ouvertes (le travailleur le fait aussi chaque nuit)."
    ecrit = True

    def faire(self, options: dict[str, Any]) -> dict[str, Any]:
        version = publier() if options["ecrire"] else derniere()
        if version is None:
            return {"version": None, "fichiers": {}}
        return {"version": version.nom, "fichiers": {f.nom: f.lignes for f in version.fichiers}}

    def raconter(self, resultat: dict[str, Any]) -> str:
        if resultat["version"] is None:
            return "Aucune version n'a encore été produite."
        return f"Version {resultat['version']} : {', '.join(resultat['fichiers'])}."
