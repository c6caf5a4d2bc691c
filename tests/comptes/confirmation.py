"""Une session dont la personne vient de prouver qui elle est."""

import time

from django.test import Client

from maillage.comptes.models import Utilisateur


def se_confirmer(client: Client, personne: Utilisateur, il_y_a: float = 0) -> Client:
    """Ce qu'allauth note quand on vient d'écrire son mot de passe, il y a tant de secondes."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - il_y_a}]
    session["account_authentication_methods_user"] = str(personne.pk)
    session.save()
    return client
