"""Ouvre la première porte : invite une personne depuis la machine, et rend le lien à lui remettre."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandParser
from django.core.validators import validate_email

from maillage.comptes.choices import Role
from maillage.comptes.operations import InvitationRefusee, RoleRefuse, inviter
from maillage.core.commandes import CommandeMaillage, Refus, UsageFaux
from maillage.territoire.choices import GenreInstitution
from maillage.territoire.models import Institution, Structure


class Command(CommandeMaillage):
    help = "Invite une personne et rend le lien, valable sept jours, qui ouvre son compte."
    ecrit = True

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("prenom")
        parser.add_argument("nom")
        parser.add_argument("--role", choices=Role.values, default=Role.ADMINISTRATRICE)
        parser.add_argument("--structure", help="adresse courte (slug) de la structure")
        parser.add_argument(
            "--institution", help="nom de l'institution ; créée si elle manque (réseau national)"
        )

    def faire(self, options: dict[str, Any]) -> dict[str, str]:
        try:
            validate_email(options["email"])
        except ValidationError:
            raise UsageFaux(f"« {options['email']} » n'est pas une adresse de courriel.") from None
        if not options["structure"] and not options["institution"]:
            raise UsageFaux("Dites où : --structure SLUG ou --institution NOM.")
        if not options["ecrire"]:
            return {"email": options["email"], "role": options["role"], "lien": ""}
        try:
            lien = inviter(
                email=options["email"],
                prenom=options["prenom"],
                nom=options["nom"],
                role=Role(options["role"]),
                organisation=self._organisation(options),
                par=None,
            )
        except (InvitationRefusee, RoleRefuse) as refus:
            raise Refus(str(refus)) from None
        return {"email": options["email"], "role": options["role"], "lien": lien}

    def raconter(self, resultat: dict[str, str]) -> str:
        if not resultat["lien"]:
            return f"Essai : {resultat['email']} serait invité·e ({resultat['role']}). Ajoutez --ecrire."
        return f"Lien à remettre à {resultat['email']}, valable sept jours :\n{resultat['lien']}"

    def _organisation(self, options: dict[str, Any]) -> Structure | Institution:
        if options["structure"]:
            structure = Structure.objects.filter(slug=options["structure"]).first()
            if structure is None:
                raise Refus(f"Aucune structure à l'adresse « {options['structure']} ».")
            return structure
        institution, _ = Institution.objects.get_or_create(
            nom=options["institution"], defaults={"genre": GenreInstitution.RESEAU_NATIONAL}
        )
        return institution
