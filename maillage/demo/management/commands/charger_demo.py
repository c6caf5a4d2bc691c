"""Remplit la démonstration ; `bin/demo` l'appelle à chaque démarrage."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings

from maillage.core.commandes import CommandeMaillage, Refus
from maillage.demo import operations
from maillage.demo.distribution import comptes


class Command(CommandeMaillage):
    help = "Charge le réseau de démonstration, une seule fois, et rend ses comptes."
    ecrit = True

    def faire(self, options: dict[str, Any]) -> dict[str, Any]:
        if not settings.EN_DEMO:
            raise Refus("Cette commande remplit une démonstration. Lancez-la avec MAILLAGE_MODE=demo.")
        charger = operations.charger_reseau if options["ecrire"] else operations.reseau_est_a_charger
        return {
            "est_nouveau": charger(),
            "comptes": [
                {
                    "personne": str(personne),
                    "courriel": personne.courriel,
                    "mot_de_passe": personne.mot_de_passe,
                    "secret": personne.secret if personne.a_second_facteur else "",
                }
                for personne in comptes()
            ],
        }

    def raconter(self, resultat: dict[str, Any]) -> Iterable[str]:
        yield "Réseau de démonstration chargé." if resultat["est_nouveau"] else "Le réseau est déjà chargé."
        for compte in resultat["comptes"]:
            yield f"{compte['personne']} : {compte['courriel']} / {compte['mot_de_passe']}"
