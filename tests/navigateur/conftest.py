"""Un vrai navigateur sur un vrai serveur : le Chromium de la machine, axe, et rien qui sorte de la maison.

Toute page ouverte ici est surveillée : erreur de script, refus de la politique de sécurité, demande à un
tiers et réponse 500 font échouer le test, sans qu'il ait à le demander.
"""

import os
import re
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer
from django.test import Client
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, BrowserContext, Error, Page, Response, expect, sync_playwright

from outils import chromium

RACINE = Path(__file__).resolve().parents[2]
AXE = RACINE / "node_modules" / "axe-core" / "axe.min.js"
FRANCAIS = RACINE / "node_modules" / "axe-core" / "locales" / "fr.json"
LARGE = {"width": 1280, "height": 800}
TELEPHONE = {"width": 360, "height": 740}
REGLES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "RGAAv4"]

ANGLAIS = re.compile(r"\b(Please|Password|Sign|This field|Choose|Invalid)\b")
# Playwright tient sa propre boucle ; Django croirait ses requêtes lancées depuis du code asynchrone.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
# Une machine occupée répond tard : on attend longtemps, on ne conclut jamais sur la vitesse (`bin/mesures`).
PATIENCE = 60_000
expect.set_options(timeout=20_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.navigateur)


class ServeurQuiSeVide(ThreadedWSGIServer):
    """Le serveur d'essai, qui sait dire quand plus personne ne lui parle.

    Une page qui se ferme envoie ce qu'elle n'avait pas encore enregistré : sans l'attendre, la demande d'un test
    arriverait chez le suivant, base fermée.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._ouvertes = 0
        self._changement = threading.Condition()

    def _compter(self, une: int) -> None:
        with self._changement:
            self._ouvertes += une
            self._changement.notify_all()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._compter(+1)
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._compter(-1)

    def attendre_d_etre_vide(self) -> None:
        """Les connexions s'acceptent dans l'ordre : la nôtre close, toutes celles d'avant sont comptées."""
        with socket.create_connection(self.server_address[:2]) as prise:  # type: ignore[arg-type]
            prise.shutdown(socket.SHUT_WR)
            assert not prise.recv(1)
        with self._changement:
            assert self._changement.wait_for(lambda: not self._ouvertes, timeout=20), "une page parle encore"


LiveServerThread.server_class = ServeurQuiSeVide


@pytest.fixture(scope="session")
def navigateur() -> Iterator[Browser]:
    programme = chromium.executable()
    if programme is None:
        pytest.fail(f"Chromium est introuvable. Tapez : {chromium.INSTALLER}")
    with sync_playwright() as playwright:
        lance = playwright.chromium.launch(executable_path=programme, args=chromium.options())
        yield lance
        lance.close()


@pytest.fixture
def contexte(
    navigateur: Browser, live_server: Any, request: pytest.FixtureRequest
) -> Iterator[BrowserContext]:
    """Une fenêtre neuve. Ses options se changent en paramétrant `contexte` avec `indirect=True`."""
    options = {
        "viewport": LARGE,
        "locale": "fr-FR",
        "base_url": live_server.url,
        **getattr(request, "param", {}),
    }
    fenetre = navigateur.new_context(**options)
    fenetre.set_default_timeout(PATIENCE)
    fautes: list[str] = []
    ici = (live_server.url, "data:", "blob:", "about:")
    fenetre.on("request", lambda r: r.url.startswith(ici) or fautes.append(f"demande à un tiers : {r.url}"))
    fenetre.on("response", lambda r: r.status >= 500 and fautes.append(f"réponse {r.status} : {r.url}"))
    fenetre.on("weberror", lambda erreur: fautes.append(f"erreur de script : {erreur.error.stack}"))
    fenetre.on(
        "console",
        lambda m: m.type == "error" and "Content Security Policy" in m.text and fautes.append(m.text),
    )
    yield fenetre
    for ouverte in navigateur.contexts:  # la sienne, et celles qu'un test aurait laissées
        ouverte.close()
    live_server.thread.httpd.attendre_d_etre_vide()
    assert not fautes, "\n".join(fautes)


@pytest.fixture
def page(contexte: BrowserContext) -> Page:
    return contexte.new_page()


@pytest.fixture
def entrer(
    contexte: BrowserContext, live_server: Any, client_de: Callable[[str], Client]
) -> Callable[[str], None]:
    """`entrer("amina")` : la fenêtre porte sa session, sans repasser par la page de connexion."""

    def ouvrir(prenom: str) -> None:
        temoins = client_de(prenom).cookies
        contexte.add_cookies(
            [{"name": nom, "value": t.value, "url": live_server.url} for nom, t in temoins.items()]
        )

    return ouvrir


REPOS = """() => Promise.race([
    new Promise((assez) => setTimeout(assez, 1000)),
    Promise.all(document.getAnimations()
      .filter((une) => une.timeline === document.timeline && une.effect?.getComputedTiming().endTime !== Infinity)
      .map((une) => une.finished.catch(() => null))),
  ])"""
"""Une couleur qui change n'est pas encore celle que l'on lira : on juge la page quand elle ne bouge plus."""


@pytest.fixture
def sans_obstacle() -> Callable[[Page], None]:
    """`sans_obstacle(page)` : axe ne trouve rien dans l'état présent de la page, et elle tient en largeur."""
    source, francais = AXE.read_text(encoding="utf-8"), FRANCAIS.read_text(encoding="utf-8")

    def verifier(page: Page) -> None:
        page.evaluate(REPOS)
        page.evaluate(source)
        page.evaluate(f"axe.configure({{locale: {francais}}})")
        resultat = page.evaluate(f"axe.run(document, {{runOnly: {REGLES}}})")
        fautes = [
            f"{faute['id']} : {faute['help']} — {noeud['html'][:160]}"
            for faute in resultat["violations"]
            for noeud in faute["nodes"]
        ]
        assert resultat["passes"], "axe n'a rien vérifié"
        assert not fautes, f"{page.url}\n" + "\n".join(fautes)
        debord = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert debord <= 0, f"{page.url} dépasse l'écran de {debord} pixels"

    return verifier


@pytest.fixture
def voir(page: Page, sans_obstacle: Callable[[Page], None]) -> Callable[[], None]:
    """`voir()` après chaque pas : l'état présent, au téléphone puis au large.

    Sans manquement pour axe ni débord, un seul h1, en français ; deux adresses n'ont jamais le même titre.
    """
    titres: dict[str, str] = {}

    def regarder() -> None:
        for ecran in (TELEPHONE, LARGE):
            page.set_viewport_size(ecran)  # type: ignore[arg-type]
            sans_obstacle(page)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        adresse = page.url.partition("?")[0].partition("#")[0]
        assert titres.setdefault(page.title(), adresse) == adresse, f"même titre : {page.title()}"
        assert not ANGLAIS.search(page.inner_text("main"))

    return regarder


def bouton(page: Page, nom: str) -> None:
    """Clique le bouton qui porte ce nom, tout entier."""
    page.get_by_role("button", name=nom, exact=True).click()


def aller(page: Page, adresse: str) -> Response | None:
    """Ouvre l'adresse ; rien quand elle s'enregistre au lieu de s'afficher."""
    try:
        return page.goto(adresse, wait_until="load")
    except Error as faute:
        if "Download is starting" not in str(faute):
            raise
        return None
