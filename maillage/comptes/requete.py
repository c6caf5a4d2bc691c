"""La demande d'une personne connectée, typée : tout est fermé par défaut, `user` est donc un compte."""

from django.http import HttpRequest

from maillage.comptes.models import Utilisateur


class RequeteConnectee(HttpRequest):
    user: Utilisateur
