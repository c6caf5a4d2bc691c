"""Trente présences, au doigt puis au clavier, au rythme d'une personne."""

import os
import time
from collections.abc import Callable
from typing import Any

from outils import chromium
from outils.installation import installation_jetable
from outils.mesures import Mesure, nombre

NOMS, SANS_NOM = 25, 5
MAXIMUM_S = 60.0
AU_DOIGT_S = 1.3
"""Viser, puis toucher : 1,1 s et 0,2 s (Card, Moran et Newell, 1983)."""
AU_CLAVIER_S = 0.28
"""Une touche, d'une main ordinaire (les mêmes)."""
LECTURE_S = 0.5
"""Avant chaque nom, au clavier : lever les yeux vers la salle."""


def mesurer() -> list[Mesure]:
    with installation_jetable(MAILLAGE_MODE="demo") as installation, installation.servie() as serveur:
        os.environ.update(installation.environnement, DJANGO_SETTINGS_MODULE="maillage.settings")
        import django

        django.setup()
        return [
            _noter(serveur.adresse, "au doigt, téléphone de 360 × 740", _au_doigt, 360),
            _noter(serveur.adresse, "au clavier", _au_clavier, 1280),
        ]


def _noter(adresse: str, comment: str, geste: Callable[[Any], None], largeur: int) -> Mesure:
    """De la feuille ouverte à la feuille terminée, accusée par le serveur. La base dit ce qui est compté."""
    from django.db.models import Sum
    from django.urls import reverse
    from playwright.sync_api import sync_playwright

    from maillage.activites.models import Activite
    from maillage.activites.operations.activites import ouvrir_activite
    from outils.mesures._client import client_de, directrice_de, grande_seance

    # Une activité neuve : la feuille n'y propose personne d'autre.
    structure = Activite.objects.order_by("pk")[0].structure
    directrice = directrice_de(structure)
    seance = grande_seance(ouvrir_activite(structure, titre="Atelier", par=directrice), NOMS)
    client, _ = client_de(directrice)
    with sync_playwright() as playwright:
        lance = playwright.chromium.launch(executable_path=chromium.executable(), args=chromium.options())
        contexte = lance.new_context(viewport={"width": largeur, "height": 740}, locale="fr-FR")
        contexte.add_cookies(
            [{"name": nom, "value": un.value, "url": adresse} for nom, un in client.cookies.items()]
        )
        page = contexte.new_page()
        page.goto(adresse + reverse("feuille", args=[seance.pk]))
        page.locator("form[data-vif]").wait_for()
        debut = time.perf_counter()
        geste(page)
        page.get_by_role("button", name="Terminer").click()
        page.get_by_text("Feuille terminée le").wait_for()
        duree = time.perf_counter() - debut
        lance.close()
    notees = seance.presences.count(), seance.venues_sans_nom.aggregate(n=Sum("nombre"))["n"]
    if notees != (NOMS, SANS_NOM):
        raise AssertionError(f"La feuille a compté {notees}, pas {(NOMS, SANS_NOM)}.")
    return Mesure(
        f"trente présences, {comment}",
        f"< {nombre(MAXIMUM_S, 0)} s",
        f"{nombre(duree, 1)} s",
        f"{NOMS} noms un à un et {SANS_NOM} personnes sans nom, de la feuille ouverte à la feuille terminée",
        duree < MAXIMUM_S,
    )


def _au_doigt(page: Any) -> None:
    for case in page.locator(".presences label").all():
        time.sleep(AU_DOIGT_S)
        case.scroll_into_view_if_needed()
        case.click()
    plus = page.locator(".pas-a-pas [data-pas='1']")
    for _ in range(SANS_NOM):
        time.sleep(AU_DOIGT_S)
        plus.click()
    time.sleep(AU_DOIGT_S)


def _au_clavier(page: Any) -> None:
    page.locator(".presences input").first.focus()
    for _ in range(NOMS):
        time.sleep(LECTURE_S)
        for touche in ("Space", "ArrowDown"):
            time.sleep(AU_CLAVIER_S)
            page.keyboard.press(touche)
    for _ in range(SANS_NOM):
        time.sleep(LECTURE_S + AU_CLAVIER_S)
        page.keyboard.press("+")
    time.sleep(AU_DOIGT_S)
