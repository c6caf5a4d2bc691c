"""L'arbre d'un projet de soixante-deux fiches : ce que sa page dépense, et le temps d'un déplacement."""

import os
import time
from typing import Any

from outils.installation import Installation, installation_jetable
from outils.mesures import Mesure, durees_entrelacees, mediane, nombre

FICHES = 62
TOURS = 100
DEPLACEMENTS = 40
REQUETES_MAXIMALES = 12
POIDS_MAXIMAL = 60 * 1024
RAPPORT_MAXIMAL = 4.0
DEPLACEMENT_MAXIMAL = 0.050


def mesurer() -> list[Mesure]:
    with installation_jetable(MAILLAGE_MODE="demo") as installation:
        return _mesurer(installation)


def _mesurer(installation: Installation) -> list[Mesure]:
    installation.commande("charger_demo", "--ecrire")
    os.environ.update(installation.environnement, DJANGO_SETTINGS_MODULE="maillage.settings")
    import django

    django.setup()
    from django.db import connection
    from django.test import override_settings
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from maillage.catalogue.models import Experience

    installation.publier_statiques()
    projet, personne = _grand_projet()
    with override_settings(ROOT_URLCONF="outils.mesures._reference"):
        demander = _demandeur(personne)
        arbre = reverse("arbre", args=[projet.pk])
        octets = len(demander(arbre))
        pk = Experience.objects.order_by("pk").values_list("pk", flat=True)[0]
        reference = f"/reference/{pk}/{octets}/"
        relevees = durees_entrelacees(
            {"arbre": lambda: demander(arbre), "référence": lambda: demander(reference)}, tours=TOURS
        )
        with CaptureQueriesContext(connection) as requetes:
            demander(arbre)
    rapport = mediane(relevees["arbre"]) / mediane(relevees["référence"])
    return [
        Mesure(
            "arbre, temps du serveur",
            f"≤ {nombre(RAPPORT_MAXIMAL, 0)} × la page de référence",
            f"{nombre(rapport)} ×",
            f"médianes de {TOURS} demandes alternées, {FICHES} fiches ; "
            f"arbre {nombre(mediane(relevees['arbre']) * 1000)} ms",
            rapport <= RAPPORT_MAXIMAL,
        ),
        Mesure(
            "arbre, requêtes à la base",
            f"≤ {REQUETES_MAXIMALES}",
            str(len(requetes)),
            f"{FICHES} fiches, session et droits compris",
            len(requetes) <= REQUETES_MAXIMALES,
        ),
        Mesure(
            "arbre, poids de la page",
            f"≤ {POIDS_MAXIMAL // 1024} Kio",
            f"{nombre(octets / 1024, 1)} Kio",
            "le HTML, sans compression",
            octets <= POIDS_MAXIMAL,
        ),
        _deplacement(projet, personne),
    ]


def _deplacement(projet: Any, personne: Any) -> Mesure:
    from maillage.projets.models import FicheAction, Objectif
    from maillage.projets.operations.arbre import deplacer

    objectifs = list(Objectif.objects.filter(enjeu__axe__projet=projet).order_by("pk")[:2])
    fiche = FicheAction.objects.filter(projet=projet, objectif=objectifs[0]).order_by("pk")[0]
    tours = iter(range(10**6))

    def bouger() -> None:
        deplacer(fiche, objectifs[next(tours) % 2], 1, par=personne)

    duree = mediane(durees_entrelacees({"déplacer": bouger}, tours=DEPLACEMENTS)["déplacer"])
    return Mesure(
        "déplacer une fiche",
        f"≤ {nombre(DEPLACEMENT_MAXIMAL * 1000, 0)} ms",
        f"{nombre(duree * 1000)} ms",
        f"médiane de {DEPLACEMENTS} déplacements d'un objectif à l'autre, journal et verrou compris, {FICHES} fiches",
        duree <= DEPLACEMENT_MAXIMAL,
    )


def _grand_projet() -> tuple[Any, Any]:
    """Le plus grand projet de la démonstration, porté à soixante-deux fiches ; et qui l'écrit."""
    from django.db.models import Count

    from maillage.comptes.models import Utilisateur
    from maillage.projets.models import FicheAction, Objectif, ProjetSocial
    from maillage.projets.permissions import OUVERTS_A_L_ECRITURE, peut_ecrire_le_projet

    ouverts = ProjetSocial.objects.filter(etat__in=OUVERTS_A_L_ECRITURE)
    projet = ouverts.annotate(nombre=Count("fiches")).order_by("-nombre", "pk")[0]
    objectifs = list(Objectif.objects.filter(enjeu__axe__projet=projet, parent=None).select_related("enjeu"))
    manquent = FICHES - projet.fiches.count()
    FicheAction.objects.bulk_create(
        FicheAction(
            projet=projet,
            objectif=(objectif := objectifs[rang % len(objectifs)]),
            axe_id=objectif.enjeu.axe_id,
            rang=100 + rang,
            titre=f"Une action du quartier, la {rang + 1}e de la liste",
            annees=projet.annees,
            pilote_nom="Farid Haddou",
        )
        for rang in range(manquent)
    )
    membres = Utilisateur.objects.filter(appartenances__structure=projet.structure).order_by("pk")
    return projet, next(membre for membre in membres if peut_ecrire_le_projet(membre, projet))


def _demandeur(personne: Any) -> Any:
    """Le serveur sans la prise réseau, pour une personne connectée."""
    from django.conf import settings
    from django.test import Client

    from maillage.comptes.middleware import OUVERTE, ROLES, VU, roles_de_la_session

    client = Client(SERVER_NAME="localhost")
    client.force_login(personne, backend=settings.AUTHENTICATION_BACKENDS[0])
    session = client.session
    instant = int(time.time())
    session.update({OUVERTE: instant, VU: instant, ROLES: roles_de_la_session(personne)})
    session.save()

    def demander(adresse: str) -> bytes:
        reponse = client.get(adresse)
        if reponse.status_code != 200:
            raise AssertionError(f"{adresse} : réponse {reponse.status_code}")
        return bytes(reponse.content)

    return demander
