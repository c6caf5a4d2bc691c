"""Des comptes en nombre, et l'application de ce processus branchée sur une installation jetable."""

import os

from outils.installation import Installation


def brancher(installation: Installation) -> None:
    """Une fois par processus : chaque épreuve a le sien."""
    os.environ.update(installation.environnement, DJANGO_SETTINGS_MODULE="maillage.settings")
    import django

    django.setup()


def creer_des_comptes(installation: Installation, nombre: int) -> list[str]:
    """Des contributeurs des Deux-Ponts ; rend leurs courriels. Leur mot de passe commun n'est connu de personne."""
    brancher(installation)
    from allauth.account.models import EmailAddress
    from django.contrib.auth.hashers import make_password
    from django.utils.crypto import get_random_string

    from maillage.comptes.choices import Role
    from maillage.comptes.models import Appartenance, Utilisateur
    from maillage.territoire.models import Structure

    structure = Structure.objects.order_by("pk")[0]
    hache = make_password(get_random_string(40))
    comptes = Utilisateur.objects.bulk_create(
        Utilisateur(email=f"connu{n:04d}@exemple.fr", prenom="Connue", nom=f"Essai {n}", password=hache)
        for n in range(nombre)
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=compte, email=compte.email, verified=True, primary=True) for compte in comptes
    )
    Appartenance.objects.bulk_create(
        Appartenance(utilisateur=compte, structure=structure, role=Role.CONTRIBUTEUR) for compte in comptes
    )
    return [compte.email for compte in comptes]
