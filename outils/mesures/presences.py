"""La feuille de présence de deux cents personnes, le temps d'une coche, et le tableur de cinquante mille présences."""

import os
import time
from typing import Any
from uuid import uuid4

import lxml.html

from outils.installation import Installation, installation_jetable
from outils.mesures import Mesure, durees_entrelacees, mediane, nombre, p95

PERSONNES = 200
TOURS = 60
COCHES = 60
PRESENCES = 50_000
POIDS_MAXIMAL = 80_000
ELEMENTS_MAXIMAUX = 900
RAPPORT_MAXIMAL = 3.0
COCHE_MAXIMALE = 0.030
TABLEUR_MAXIMAL = 5.0


def mesurer() -> list[Mesure]:
    with installation_jetable(MAILLAGE_MODE="demo") as installation:
        return _mesurer(installation)


def _mesurer(installation: Installation) -> list[Mesure]:
    installation.commande("charger_demo", "--ecrire")
    os.environ.update(installation.environnement, DJANGO_SETTINGS_MODULE="maillage.settings")
    import django

    django.setup()
    from django.test import override_settings
    from django.urls import reverse

    from maillage.catalogue.models import Experience

    installation.publier_statiques()
    from outils.mesures._client import client_de, directrice_de, grande_seance

    seance = grande_seance(_activite(), PERSONNES)
    with override_settings(ROOT_URLCONF="outils.mesures._reference"):
        client, demander = client_de(directrice_de(seance.activite.structure))
        feuille = reverse("feuille", args=[seance.pk])
        page = demander(feuille)
        pk = Experience.objects.order_by("pk").values_list("pk", flat=True)[0]
        reference = f"/reference/{pk}/{len(page)}/"
        relevees = durees_entrelacees(
            {"feuille": lambda: demander(feuille), "référence": lambda: demander(reference)}, tours=TOURS
        )
        coches = _coches(client, reverse("feuille_noter", args=[seance.pk]), seance)
    rapport = mediane(relevees["feuille"]) / mediane(relevees["référence"])
    elements = len(lxml.html.fromstring(page).xpath("//*"))
    return [
        Mesure(
            "feuille, poids de la page",
            f"≤ {POIDS_MAXIMAL // 1000} Ko",
            f"{nombre(len(page) / 1000, 1)} Ko",
            f"le HTML, sans compression, {PERSONNES} personnes ; Noethysweb : 935 Ko",
            len(page) <= POIDS_MAXIMAL,
        ),
        Mesure(
            "feuille, éléments de la page",
            f"≤ {ELEMENTS_MAXIMAUX}",
            str(elements),
            "Noethysweb : 3 200",
            elements <= ELEMENTS_MAXIMAUX,
        ),
        Mesure(
            "feuille, temps du serveur",
            f"≤ {nombre(RAPPORT_MAXIMAL, 0)} × la page de référence",
            f"{nombre(rapport)} ×",
            f"médianes de {TOURS} demandes alternées ; feuille {nombre(mediane(relevees['feuille']) * 1000)} ms",
            rapport <= RAPPORT_MAXIMAL,
        ),
        Mesure(
            "une coche",
            f"≤ {nombre(COCHE_MAXIMALE * 1000, 0)} ms",
            f"{nombre(mediane(coches) * 1000, 1)} ms",
            f"médiane de {COCHES} coches, journal et changement compris ; p95 {nombre(p95(coches) * 1000, 1)} ms",
            mediane(coches) <= COCHE_MAXIMALE,
        ),
        _tableur(seance),
    ]


def _activite() -> Any:
    from maillage.activites.models import Activite

    return Activite.objects.exclude(cadre="laep").order_by("pk")[0]


def _coches(client: Any, adresse: str, seance: Any) -> list[float]:
    numeros = list(seance.activite.inscriptions.filter(etat="inscrite").values_list("personne", flat=True))
    relevees = []
    for pk in numeros[:COCHES]:
        envoi = {"envoi": str(uuid4()), "p": f"{pk}:participant"}
        debut = time.perf_counter()
        reponse = client.post(adresse, envoi)
        relevees.append(time.perf_counter() - debut)
        if reponse.status_code != 200:
            raise AssertionError(f"{adresse} : réponse {reponse.status_code}")
    return relevees


def _tableur(seance: Any) -> Mesure:
    from datetime import timedelta

    from maillage.activites.exportation.presences import presences_en_classeur
    from maillage.activites.models import Presence, Seance

    activite = seance.activite
    seances = Seance.objects.bulk_create(
        Seance(
            activite=activite,
            debut=seance.debut - timedelta(days=rang),
            fin=seance.fin - timedelta(days=rang),
            etat="tenue",
        )
        for rang in range(1, PRESENCES // PERSONNES + 1)
    )
    numeros = list(activite.inscriptions.filter(etat="inscrite").values_list("personne", flat=True))
    Presence.objects.bulk_create(
        (Presence(seance=une, personne_id=pk, age=16) for une in seances for pk in numeros), batch_size=2000
    )
    debut = time.perf_counter()
    octets = sum(map(len, presences_en_classeur(activite)))
    duree = time.perf_counter() - debut
    return Mesure(
        f"tableur de {nombre(PRESENCES, 0)} présences",
        f"≤ {nombre(TABLEUR_MAXIMAL, 0)} s",
        f"{nombre(duree, 1)} s",
        f"xlsx de {nombre(octets / 1e6, 1)} Mo, envoyé par morceaux",
        duree <= TABLEUR_MAXIMAL,
    )
