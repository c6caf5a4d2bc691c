"""`verifier_fichiers` : relit chaque pièce jointe et dit lesquelles sont perdues ou abîmées."""

from dataclasses import asdict
from typing import Any

from maillage.catalogue.operations.tenue_des_fichiers import verifier_fichiers
from maillage.core.commandes import CommandeMaillage, Refus

MOTS = {"perdu": "perdu", "abime": "abîmé"}


class Command(CommandeMaillage):
    help = "Relit chaque pièce jointe : fichiers perdus ou abîmés (code 1 s'il y en a)."

    def faire(self, options: dict[str, Any]) -> Any:
        bons, fautifs = verifier_fichiers()
        if fautifs and not options["json"]:
            for fautif in fautifs:
                self.dire(f"{fautif.chemin} : {MOTS[fautif.faute]} (« {fautif.nom} », fiche {fautif.fiche})")
            raise Refus(f"{len(fautifs)} fichier(s) à reprendre d'une sauvegarde, {bons} bon(s).")
        return {"bons": bons, "fautifs": [asdict(fautif) for fautif in fautifs]}

    def raconter(self, resultat: Any) -> str:
        return f"{resultat['bons']} fichiers, tous lus et exacts."
