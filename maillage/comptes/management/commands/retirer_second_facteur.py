"""Dernier recours : la seule administratrice a perdu son téléphone. L'exploitant répond de son identité."""

from typing import Any

from django.core.management.base import CommandParser

from maillage.comptes.models import Utilisateur
from maillage.comptes.operations import RoleRefuse, retirer_second_facteur
from maillage.core.commandes import CommandeMaillage, Refus


class Command(CommandeMaillage):
    help = "Retire le second facteur d'une personne, qui en reliera un autre en entrant."
    ecrit = True

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def faire(self, options: dict[str, Any]) -> dict[str, Any]:
        utilisateur = Utilisateur.objects.filter(email__iexact=options["email"]).first()
        if utilisateur is None:
            raise Refus(f"Aucun compte à l'adresse « {options['email']} ».")
        if options["ecrire"]:
            try:
                retirer_second_facteur(utilisateur, par=None)
            except RoleRefuse as refus:
                raise Refus(str(refus)) from None
        return {"email": utilisateur.email, "retire": options["ecrire"]}

    def raconter(self, resultat: dict[str, Any]) -> str:
        if not resultat["retire"]:
            return f"Essai : le second facteur de {resultat['email']} serait retiré. Ajoutez --ecrire."
        return f"Le second facteur de {resultat['email']} est retiré. Un courriel l'en prévient."
