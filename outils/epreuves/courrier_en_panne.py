"""F34 : un serveur de courrier qui pend, qui refuse ou qui coupe ; les pages répondent, le courriel part plus tard."""

import socket
import socketserver
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

from outils.epreuves import Epreuve
from outils.epreuves._visiteur import Visiteur
from outils.installation import Installation, installation_de_demonstration, port_libre

ATTENDU = "pages en moins d'une seconde et demie, courriel réessayé puis parti une seule fois"
PANNES = ("pend", "refuse", "coupe")
OUBLI = "/compte/mot-de-passe/oublie/"
PATIENCE = 1.5


def eprouver(courte: bool) -> Epreuve:
    fautes: list[str] = []
    plus_lente = 0.0
    for panne in PANNES[:1] if courte else PANNES:
        port = port_libre()
        variables = {
            "MAILLAGE_SMTP_HOTE": "127.0.0.1",
            "MAILLAGE_SMTP_PORT": str(port),
            "MAILLAGE_SMTP_TLS": "non",
        }
        with (
            _Facteur(port, panne) as facteur,
            installation_de_demonstration(**variables) as installation,
            installation.servie() as serveur,
        ):
            compte = installation.commande("charger_demo", "--ecrire")["comptes"][0]
            facteur.destinataire = compte["courriel"].upper().encode()
            _oublier(installation)
            Visiteur(serveur.adresse).envoyer(OUBLI, {"email": compte["courriel"]})
            fin = time.monotonic() + 6
            while time.monotonic() < fin:
                debut = time.monotonic()
                code = Visiteur(serveur.adresse).demander("/experiences/?q=jardin").code
                plus_lente = max(plus_lente, time.monotonic() - debut)
                if code != 200:
                    fautes.append(f"{panne} : réponse {code}")
                time.sleep(0.2)
            essais = _attendre(installation, "SELECT max(essais) FROM core_courrier", lambda lu: bool(lu))
            if not essais:
                fautes.append(f"{panne} : aucun essai d'envoi")
            facteur.panne = ""
            for _ in range(30):
                _oublier_l_attente(installation)
                if facteur.recus:
                    break
                time.sleep(1)
            time.sleep(2)
            if facteur.recus != 1:
                fautes.append(f"{panne} : {facteur.recus} courriel parti après la panne, au lieu de 1")
    if plus_lente > PATIENCE and not courte:
        fautes.append(f"page la plus lente : {plus_lente:.1f} s")
    bilan = (
        f"{1 if courte else len(PANNES)} pannes de courrier, page la plus lente {plus_lente * 1000:.0f} ms"
    )
    return Epreuve("F34 courrier en panne", bilan, fautes, ATTENDU)


class _Facteur(socketserver.ThreadingTCPServer):
    """Un serveur SMTP de trois mots, en panne tant qu'on le veut."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int, panne: str) -> None:
        self.panne, self.recus = panne, 0
        self.destinataire = b"@"  # les courriels à d'autres (rappels du jour) ne sont pas ce qu'on compte
        super().__init__(("127.0.0.1", port), _Guichet)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _Guichet(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        facteur: Any = self.server
        if facteur.panne == "pend":
            time.sleep(30)
            return
        if facteur.panne == "coupe":
            self.request.shutdown(socket.SHUT_RDWR)
            return
        self._dire("220 essai" if not facteur.panne else "554 pas aujourd'hui")
        en_texte = pour_lui = False
        for brute in self.rfile:
            ligne = brute.strip().upper()
            if en_texte:
                if ligne == b".":
                    en_texte = False
                    facteur.recus += pour_lui
                    self._dire("250 pris")
            elif ligne.startswith(b"RCPT"):
                pour_lui = facteur.destinataire in ligne
                self._dire("250 bien")
            elif ligne.startswith(b"DATA"):
                en_texte = True
                self._dire("354 allez")
            elif ligne.startswith(b"QUIT"):
                self._dire("221 au revoir")
                return
            else:
                self._dire("250 bien")

    def _dire(self, mot: str) -> None:
        self.wfile.write(f"{mot}\r\n".encode())


def _base(installation: Installation) -> sqlite3.Connection:
    return sqlite3.connect(installation.dossier / "maillage.sqlite3", timeout=20)


def _oublier(installation: Installation) -> None:
    """Ce que la démonstration avait à envoyer n'est pas ce qu'on éprouve."""
    with closing(_base(installation)) as base, base:
        base.execute("DELETE FROM core_courrier WHERE envoye_le IS NULL")


def _oublier_l_attente(installation: Installation) -> None:
    """Le délai entre deux essais est d'une minute et plus : on avance l'heure de l'envoi, pas l'horloge."""
    with closing(_base(installation)) as base, base:
        base.execute("UPDATE core_courrier SET a_envoyer_le = '2020-01-01 00:00:00' WHERE envoye_le IS NULL")


def _attendre(installation: Installation, requete: str, voulu: Callable[[object], bool]) -> object:
    for _ in range(40):
        with closing(_base(installation)) as base:
            lu = base.execute(requete).fetchone()[0]
        if voulu(lu):
            return lu
        time.sleep(0.5)
    return None
