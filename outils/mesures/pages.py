"""Les pages publiques : ce que le serveur dépense, ce que le navigateur reçoit, la mémoire tenue."""

import os
from collections.abc import Callable
from ipaddress import ip_address
from itertools import count
from pathlib import Path
from typing import Any

import psutil

from outils import chromium
from outils.installation import Installation, Serveur, installation_jetable
from outils.mesures import Mesure, durees_entrelacees, mediane, nombre

TOURS = 200
POIDS_MAXIMAL = 60 * 1024
DEMANDES_MAXIMALES = 12
DECALAGE_MAXIMAL = 0.02
REQUETES_MAXIMALES = 12
RAPPORT_MAXIMAL = 3.0
PSS_MAXIMALE = 250 * 1024 * 1024


def mesurer() -> list[Mesure]:
    with installation_jetable(MAILLAGE_MODE="demo") as installation, installation.servie() as serveur:
        adresses = _adresses(installation)
        mesures = [*_serveur(adresses["fiche"]), *_navigateur(serveur.adresse, adresses)]
        return [*mesures, _memoire(serveur)]


def _adresses(installation: Installation) -> dict[str, str]:
    """Branche ce processus sur l'installation servie, et y choisit la fiche la plus longue."""
    os.environ.update(installation.environnement, DJANGO_SETTINGS_MODULE="maillage.settings")
    import django

    django.setup()
    from django.db.models.functions import Length
    from django.urls import reverse

    from maillage.catalogue.models import Experience

    fiche = Experience.objects.publiees().order_by(Length("description").desc(), "pk")[0]
    return {
        "accueil": "/",
        "résultats": "/experiences/?q=jardin",
        "fiche": reverse("experience", args=[fiche.code, fiche.slug]),
    }


def _serveur(fiche: str) -> list[Mesure]:
    """Temps de la fiche rapporté à la page de référence, et nombre de ses requêtes."""
    from django.db import connection
    from django.test import override_settings
    from django.test.utils import CaptureQueriesContext

    with override_settings(ROOT_URLCONF="outils.mesures._reference"):
        demander = _demandeur()
        octets = len(demander(fiche))
        from maillage.catalogue.models import Experience

        pk = Experience.objects.order_by("pk").values_list("pk", flat=True)[0]
        reference = f"/reference/{pk}/{octets}/"
        ecart = abs(len(demander(reference)) - octets)
        assert ecart < 160, f"la référence a {ecart} octets d'écart"  # noqa: S101
        relevees = durees_entrelacees(
            {"fiche": lambda: demander(fiche), "référence": lambda: demander(reference)}, tours=TOURS
        )
        with CaptureQueriesContext(connection) as requetes:
            demander(fiche)
    rapport = mediane(relevees["fiche"]) / mediane(relevees["référence"])
    return [
        Mesure(
            "fiche, temps du serveur",
            f"≤ {nombre(RAPPORT_MAXIMAL, 0)} × la page de référence",
            f"{nombre(rapport)} ×",
            f"médianes de {TOURS} demandes alternées, {nombre(octets / 1024, 1)} Kio de page ; "
            f"fiche {nombre(mediane(relevees['fiche']) * 1000)} ms",
            rapport <= RAPPORT_MAXIMAL,
        ),
        Mesure(
            "fiche, requêtes à la base",
            f"≤ {REQUETES_MAXIMALES}",
            str(len(requetes)),
            "la fiche la plus longue du réseau de démonstration",
            len(requetes) <= REQUETES_MAXIMALES,
        ),
    ]


def _demandeur() -> Callable[[str], bytes]:
    """Le serveur sans la prise réseau : tous les intergiciels, la réponse lue en entier."""
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import RequestFactory

    application = WSGIHandler()  # charge les intergiciels
    fabrique = RequestFactory(SERVER_NAME="localhost")
    lecteurs = count()

    def demander(adresse: str) -> bytes:
        """Chaque fois un autre lecteur : on mesure la page, pas la limite de débit."""
        origine = str(ip_address(0x0A000000 + next(lecteurs)))
        reponse = application.get_response(fabrique.get(adresse, REMOTE_ADDR=origine))
        corps = b"".join(reponse)
        reponse.close()
        if reponse.status_code != 200:
            raise AssertionError(f"{adresse} : réponse {reponse.status_code}")
        return corps

    return demander


def _navigateur(adresse: str, pages: dict[str, str]) -> list[Mesure]:
    """Octets, demandes et décalages, comptés par le protocole du navigateur, cache froid."""
    from playwright.sync_api import sync_playwright

    mesures = []
    with sync_playwright() as playwright:
        lance = playwright.chromium.launch(executable_path=chromium.executable(), args=chromium.options())
        for nom, page in pages.items():
            octets, demandes, decalage = _visiter(lance, adresse + page)
            mesures += [
                Mesure(
                    f"{nom}, octets reçus",
                    f"≤ {POIDS_MAXIMAL // 1024} Kio",
                    f"{nombre(octets / 1024, 1)} Kio",
                    "somme de `encodedDataLength`, cache froid",
                    octets <= POIDS_MAXIMAL,
                ),
                Mesure(
                    f"{nom}, demandes",
                    f"≤ {DEMANDES_MAXIMALES}",
                    str(demandes),
                    "événements `Network` du navigateur",
                    demandes <= DEMANDES_MAXIMALES,
                ),
                Mesure(
                    f"{nom}, décalage (CLS)",
                    f"≤ {nombre(DECALAGE_MAXIMAL)}",
                    nombre(decalage, 3),
                    "téléphone de 360 × 740, page parcourue jusqu'en bas",
                    decalage <= DECALAGE_MAXIMAL,
                ),
            ]
        lance.close()
    return mesures


def _visiter(lance: Any, adresse: str) -> tuple[int, int, float]:
    contexte = lance.new_context(viewport={"width": 360, "height": 740}, locale="fr-FR")
    page = contexte.new_page()
    protocole = contexte.new_cdp_session(page)
    octets: list[int] = []
    demandes: list[str] = []
    protocole.on("Network.loadingFinished", lambda fait: octets.append(int(fait["encodedDataLength"])))
    protocole.on("Network.requestWillBeSent", lambda fait: demandes.append(fait["request"]["url"]))
    protocole.send("Network.enable")
    protocole.send("Network.setCacheDisabled", {"cacheDisabled": True})
    page.goto(adresse, wait_until="networkidle")
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.wait_for_timeout(500)
    decalage = page.evaluate(
        """() => new Promise(fini => {
            let total = 0;
            new PerformanceObserver(liste => {
                for (const e of liste.getEntries()) if (!e.hadRecentInput) total += e.value;
            }).observe({type: "layout-shift", buffered: true});
            setTimeout(() => fini(total), 300);
        })"""
    )
    contexte.close()
    return (
        sum(octets),
        len([demande for demande in demandes if not demande.startswith("data:")]),
        float(decalage),
    )


def _memoire(serveur: Serveur) -> Mesure:
    """La mémoire propre à chaque processus web : ce qu'il partage est divisé entre ceux qui le partagent."""
    gunicorn = next(e for e in psutil.Process(serveur.processus.pid).children() if "gunicorn" in e.cmdline())
    parts = [_pss(enfant.pid) for enfant in gunicorn.children()]
    return Mesure(
        "mémoire d'un processus web (PSS)",
        f"≤ {PSS_MAXIMALE // 1024**2} Mio",
        f"{nombre(max(parts) / 1024**2, 0)} Mio",
        f"le plus gros des {len(parts)} processus, après les visites, réseau de démonstration",
        max(parts) <= PSS_MAXIMALE,
    )


def _pss(pid: int) -> int:
    lignes = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return next(int(ligne.split()[1]) * 1024 for ligne in lignes if ligne.startswith("Pss:"))
