"""SQLite sous quatre écrivains, pendant que l'on consulte et que l'on entre : personne ne voit « locked »."""

import http.cookiejar
import json
import re
import subprocess
import threading
import urllib.error
import urllib.parse
import urllib.request

from outils.epreuves import Epreuve
from outils.epreuves._pages import ecrire_page
from outils.installation import installation_de_demonstration

ECRIVAINS = 4
PAGES = ("/", "/experiences/?q=jardin", "/readyz")


def eprouver(courte: bool) -> Epreuve:
    fiches = 40 if courte else 400
    fautes: list[str] = []
    with installation_de_demonstration() as installation, installation.servie() as serveur:
        depart = installation.commande("rechercher", "")["total"]
        compte = installation.commande("charger_demo", "--ecrire")["comptes"][0]
        pages = [ecrire_page(installation.dossier / f"{n}.txt", fiches, graine=n) for n in range(ECRIVAINS)]
        tuyaux = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        imports = [
            installation.lancer("importer_catalogue", str(page), "--ecrire", "--json", **tuyaux)
            for page in pages
        ]
        visiteur = _Visiteur(serveur.adresse, compte["courriel"], compte["mot_de_passe"])
        visiteur.start()
        for numero, processus in enumerate(imports):
            sortie, messages = processus.communicate()
            if processus.returncode or json.loads(sortie)["rejetees"]:
                fautes.append(f"import {numero} : code {processus.returncode}, {messages[-300:]}")
        visiteur.fini.set()
        visiteur.join()
        trouvees = installation.commande("rechercher", "")["total"] - depart
        if trouvees != fiches * ECRIVAINS:
            fautes.append(f"{trouvees} fiches trouvées sur {fiches * ECRIVAINS}")
    bilan = (
        f"{ECRIVAINS} imports de {fiches} fiches à la fois, {visiteur.pages} pages lues et "
        f"{visiteur.entrees} entrées pendant ce temps"
    )
    if not visiteur.pages or not visiteur.entrees:
        fautes.append("aucune page lue ou aucune entrée : l'épreuve n'a rien éprouvé")
    return Epreuve("F30 quatre écrivains sur SQLite", bilan, fautes + visiteur.fautes)


class _Visiteur(threading.Thread):
    """Lit des pages, entre et sort : chaque entrée écrit une session."""

    def __init__(self, adresse: str, courriel: str, mot_de_passe: str) -> None:
        super().__init__()
        self.adresse, self.courriel, self.mot_de_passe = adresse, courriel, mot_de_passe
        self.fini = threading.Event()
        self.pages = self.entrees = 0
        self.fautes: list[str] = []

    def run(self) -> None:
        while not self.fini.is_set():
            for page in PAGES:
                if self._demander(urllib.request.build_opener(), page) is not None:
                    self.pages += 1
            self._entrer()

    def _entrer(self) -> None:
        temoins = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        fenetre = urllib.request.build_opener(temoins)
        page = self._demander(fenetre, "/compte/connexion/")
        jeton = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page or "")
        if jeton is None:
            return
        champs = {"csrfmiddlewaretoken": jeton[1], "login": self.courriel, "password": self.mot_de_passe}
        if self._demander(fenetre, "/compte/connexion/", urllib.parse.urlencode(champs).encode()) is not None:
            self.entrees += 1

    def _demander(
        self, fenetre: urllib.request.OpenerDirector, page: str, corps: bytes | None = None
    ) -> str | None:
        try:
            with fenetre.open(self.adresse + page, corps, timeout=60) as reponse:
                return reponse.read().decode()
        except urllib.error.HTTPError as refus:
            if refus.code >= 500:
                self.fautes.append(f"{page} : réponse {refus.code}")
        except OSError as panne:
            self.fautes.append(f"{page} : {panne}")
        return None
