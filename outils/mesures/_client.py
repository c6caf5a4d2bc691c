"""Le serveur sans la prise réseau, pour une personne connectée, son second facteur relié ; et une grande feuille."""

import time
from collections.abc import Callable
from typing import Any

Demander = Callable[[str], bytes]


def client_de(personne: Any) -> tuple[Any, Demander]:
    """Un client, et de quoi lire une page qui répond 200."""
    from allauth.mfa.models import Authenticator
    from django.conf import settings
    from django.test import Client

    from maillage.comptes.middleware import OUVERTE, ROLES, VU, roles_de_la_session
    from maillage.comptes.nominatif import NOMINATIF_VU

    if not Authenticator.objects.filter(user=personne, type="totp").exists():
        Authenticator.objects.create(user=personne, type="totp", data={"secret": "mesure"})
    client = Client(SERVER_NAME="localhost")
    client.force_login(personne, backend=settings.AUTHENTICATION_BACKENDS[0])
    session = client.session
    instant = int(time.time())
    session.update(
        {OUVERTE: instant, VU: instant, NOMINATIF_VU: instant, ROLES: roles_de_la_session(personne)}
    )
    session.save()

    def demander(adresse: str) -> bytes:
        reponse = client.get(adresse)
        if reponse.status_code != 200:
            raise AssertionError(f"{adresse} : réponse {reponse.status_code}")
        return bytes(reponse.content)

    return client, demander


def directrice_de(structure: Any) -> Any:
    """Celle qui dirige ce centre ; créée quand il n'en a pas."""
    from maillage.comptes.choices import Role
    from maillage.comptes.models import Appartenance, Utilisateur
    from maillage.comptes.permissions import structures_dirigees

    membres = Utilisateur.objects.filter(appartenances__structure=structure).order_by("pk")
    trouvee = next((un for un in membres if structure.pk in structures_dirigees(un)), None)
    if trouvee is None:
        trouvee = Utilisateur.objects.create(email="mesure@exemple.fr", prenom="Amina", nom="Mesure")
        Appartenance.objects.create(utilisateur=trouvee, structure=structure, role=Role.DIRECTRICE)
    return trouvee


def grande_seance(activite: Any, personnes: int) -> Any:
    """Tant de personnes inscrites à cette activité, et sa séance d'il y a une heure."""
    from datetime import timedelta

    from django.utils import timezone

    from maillage.activites.models import Inscription, Seance
    from maillage.personnes.models import Personne

    debut = timezone.now() - timedelta(hours=1)
    seance = Seance.objects.create(activite=activite, debut=debut, fin=debut + timedelta(hours=2))
    creees = Personne.objects.bulk_create(
        Personne(structure=activite.structure, prenom=f"Prénom {rang}", nom=f"Nom {rang}", naissance=2010)
        for rang in range(personnes)
    )
    activite.inscriptions.update(etat="desistee")
    Inscription.objects.bulk_create(Inscription(activite=activite, personne=une) for une in creees)
    return seance
