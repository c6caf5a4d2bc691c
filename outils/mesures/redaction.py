"""Écrire une fiche : ce que coûte un enregistrement, de la prise du formulaire à la réponse."""

import os
from typing import Any

from outils.installation import Installation, installation_jetable
from outils.mesures import Mesure, durees_entrelacees, mediane, nombre

TOURS = 120
DUREE_MAXIMALE = 0.040
REQUETES_MAXIMALES = 25
PHRASE = "Chaque jeudi, deux bénévoles tiennent une table au marché et aident à remplir un papier. "


def mesurer() -> list[Mesure]:
    with installation_jetable(MAILLAGE_MODE="demo") as installation:
        return _enregistrements(installation)


def _enregistrements(installation: Installation) -> list[Mesure]:
    """Un texte de 3 000 signes allongé d'un mot à chaque fois, comme le script l'envoie à chaque pause."""
    installation.commande("charger_demo", "--ecrire")
    os.environ.update(installation.environnement, DJANGO_SETTINGS_MODULE="maillage.settings")
    import django

    django.setup()
    from django.db import connection
    from django.test import Client, override_settings
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from maillage.catalogue.operations.contributions import commencer_fiche
    from maillage.comptes.models import Utilisateur
    from maillage.core.ecriture import empreinte
    from maillage.territoire.models import Structure

    installation.publier_statiques()
    amina = Utilisateur.objects.filter(appartenances__structure__isnull=False).order_by("pk")[0]
    structure = Structure.objects.get(pk=amina.structures_du_jour[0])
    brouillon = commencer_fiche(structure, par=amina)
    moteur = "allauth.account.auth_backends.AuthenticationBackend"
    client = Client(SERVER_NAME="localhost")
    client.force_login(amina, backend=moteur)
    adresse = reverse("contribution_etape", args=[brouillon.pk, "recit"])
    champs = ("elements_diagnostic", "description_experience", "description")
    page: dict[str, str] = dict.fromkeys(champs, PHRASE * 35)
    lues = dict.fromkeys(champs, empreinte(""))

    def enregistrer() -> None:
        page["description_experience"] += " encore"
        envoi = page | {f"lu_{nom}": lue for nom, lue in lues.items()}
        reponse: Any = client.post(adresse, envoi, headers={"Accept": "application/json"})
        recu = reponse.json()
        if reponse.status_code != 200 or recu["a_revoir"]:
            raise AssertionError(f"{adresse} : réponse {reponse.status_code}")
        lues.update(recu["lus"])

    def lire() -> None:
        client.get(adresse)

    sans_limite = {"CACHES": {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}}
    with override_settings(**sans_limite):
        enregistrer()
        relevees = durees_entrelacees({"enregistrer": enregistrer, "lire": lire}, tours=TOURS)
        with CaptureQueriesContext(connection) as requetes:
            enregistrer()
    duree = mediane(relevees["enregistrer"])
    return [
        Mesure(
            "enregistrer un brouillon",
            f"≤ {nombre(DUREE_MAXIMALE * 1000, 0)} ms (médiane)",
            f"{nombre(duree * 1000)} ms",
            f"{TOURS} enregistrements d'une étape de trois textes de 3 000 signes, tous intergiciels, SQLite sur "
            f"disque (`synchronous=FULL`) ; ouvrir la même étape : {nombre(mediane(relevees['lire']) * 1000)} ms",
            duree <= DUREE_MAXIMALE,
        ),
        Mesure(
            "enregistrer un brouillon, requêtes",
            f"≤ {REQUETES_MAXIMALES}",
            str(len(requetes)),
            "session, droits, verrou, écriture, présence et « ce qu'il reste à faire » compris",
            len(requetes) <= REQUETES_MAXIMALES,
        ),
    ]
