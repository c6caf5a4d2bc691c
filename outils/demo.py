"""`bin/demo` : installe, remplit, puis tient ensemble le web et le travailleur. Bibliothèque standard.

Les deux processus naissent et meurent ensemble : si l'un tombe, l'autre est arrêté et le code n'est pas 0.
"""

import argparse
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(RACINE))

from maillage.core.processus import mourir_avec_le_parent  # noqa: E402

GRACE = 7.0  # secondes laissées aux processus pour finir ; le contrat en donne 10 en tout
PATIENCE = 120.0  # secondes laissées au premier /readyz
arret = threading.Event()


class Echec(Exception):
    """La démonstration ne peut pas démarrer ou continuer."""


def principal() -> int:
    options = _options()
    for numero in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(numero, lambda *_: arret.set())
    processus: list[subprocess.Popen[bytes]] = []
    try:
        _verifier_port(options.port)
        environnement = _environnement(options.port)
        comptes = _remplir(environnement, options.vierge)
        _publier_statiques(environnement)
        processus.append(
            _lancer(environnement, sys.executable, "-m", "gunicorn", "-c", "outils/gunicorn.conf.py")
        )
        processus.append(_lancer(environnement, sys.executable, "manage.py", "travailler"))
        _attendre_pret(options.port, processus)
        _annoncer(options.port, comptes)
        while not arret.wait(0.2):
            _verifier_vivants(processus)
        print("Arrêt de Maillage…", file=sys.stderr)
        return 0
    except Echec as echec:
        if arret.is_set():
            return 0
        print(echec, file=sys.stderr)
        return 1
    finally:
        _arreter(processus)


def _options() -> argparse.Namespace:
    analyse = argparse.ArgumentParser(prog="bin/demo", description="Démarre Maillage sur cette machine.")
    analyse.add_argument(
        "--vierge", action="store_true", help="installation vide, sans données de démonstration"
    )
    analyse.add_argument("--port", type=int, default=8000, help="port de l'adresse locale (8000 par défaut)")
    return analyse.parse_args()


def _verifier_port(port: int) -> None:
    with socket.socket() as essai:
        essai.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            essai.bind(("127.0.0.1", port))
        except PermissionError:
            raise Echec(f"Le port {port} est réservé. Choisissez un port au-dessus de 1024.") from None
        except (OSError, OverflowError):
            raise Echec(
                f"Le port {port} est occupé. Arrêtez l'autre programme, ou tapez : bin/demo --port {port + 1}"
            ) from None


def _environnement(port: int) -> dict[str, str]:
    donnees = Path(os.environ.get("MAILLAGE_DONNEES") or RACINE / "var").resolve()
    donnees.mkdir(parents=True, exist_ok=True)
    return os.environ | {
        "MAILLAGE_MODE": "demo",
        "MAILLAGE_DONNEES": str(donnees),
        "MAILLAGE_URL": f"http://localhost:{port}",
        "MAILLAGE_ECOUTE": f"127.0.0.1:{port}",
        "PYTHONUNBUFFERED": "1",
    }


def _remplir(environnement: dict[str, str], vierge: bool) -> list[dict[str, str]]:
    """Met la base à jour et, sauf `--vierge`, charge le réseau de démonstration (une seule fois)."""
    if vierge:
        _gerer(environnement, "charger_territoire", "--ecrire", "--json")
        return []
    return json.loads(_gerer(environnement, "charger_demo", "--ecrire", "--json"))["comptes"]


def _publier_statiques(environnement: dict[str, str]) -> None:
    """Copie les fichiers du navigateur sous leur nom daté, quand ils ont été reconstruits."""
    construits = (RACINE / "statiques" / ".empreinte").read_text()
    marque = Path(environnement["MAILLAGE_DONNEES"]) / "statiques_publies.empreinte"
    if marque.exists() and marque.read_text() == construits:
        return
    _gerer(environnement, "collectstatic", "--noinput", "--clear", "--verbosity", "0")
    marque.write_text(construits)


def _gerer(environnement: dict[str, str], *commande: str) -> bytes:
    """Lance une commande de gestion et rend sa sortie ; s'arrête avec elle si on le demande."""
    processus = _lancer(environnement, sys.executable, "manage.py", *commande, sortie=subprocess.PIPE)
    try:
        while True:
            try:
                sortie, _ = processus.communicate(timeout=0.2)
                break
            except subprocess.TimeoutExpired:
                if arret.is_set():
                    raise Echec("Interrompu.") from None
    finally:
        _arreter([processus])
    if processus.returncode:
        raise Echec(f"La préparation s'est arrêtée à l'étape « {commande[0]} ».")
    return sortie


def _lancer(
    environnement: dict[str, str], *commande: str, sortie: int | None = None
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        commande,
        cwd=RACINE,
        env=environnement,
        stdin=subprocess.DEVNULL,
        stdout=sortie,
        start_new_session=True,  # un Ctrl-C n'atteint que nous : l'ordre d'arrêt reste le nôtre
        preexec_fn=mourir_avec_le_parent,
    )


def _attendre_pret(port: int, processus: list[subprocess.Popen[bytes]]) -> None:
    limite = time.monotonic() + PATIENCE
    raison = "aucune réponse"
    while time.monotonic() < limite:
        if arret.wait(0.3):
            raise Echec("Interrompu.")
        _verifier_vivants(processus)
        connexion = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connexion.request("GET", "/readyz", headers={"Host": f"localhost:{port}"})
            reponse = connexion.getresponse()
            if reponse.status == 200:
                return
            raison = f"réponse {reponse.status} : {reponse.read(500).decode(errors='replace')}"
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connexion.close()
    raise Echec(f"Maillage n'est pas prêt après {PATIENCE:.0f} secondes ({raison}).")


def _annoncer(port: int, comptes: list[dict[str, str]]) -> None:
    lignes = [f"Maillage est prêt : http://localhost:{port}/"]
    if comptes:
        entetes = {"personne": "Personne", "courriel": "E-mail", "mot_de_passe": "Mot de passe"}
        table = [entetes, *comptes]
        largeurs = {cle: max(len(ligne[cle]) for ligne in table) for cle in entetes}
        lignes.append("")
        for ligne in table:
            lignes.append("  ".join(ligne[cle].ljust(largeurs[cle]) for cle in entetes).rstrip())
        lignes += ["", f"Codes de connexion : http://localhost:{port}/demo/"]
        lignes += [f"Courrier envoyé    : http://localhost:{port}/demo/courrier/"]
    lignes += ["", "Pour arrêter : Ctrl-C"]
    print("\n".join(lignes), flush=True)


def _verifier_vivants(processus: list[subprocess.Popen[bytes]]) -> None:
    for nom, enfant in zip(("serveur web", "travailleur"), processus, strict=False):
        if enfant.poll() is not None:
            raise Echec(f"Le {nom} s'est arrêté (code {enfant.returncode}) : tout est arrêté.")


def _arreter(processus: list[subprocess.Popen[bytes]]) -> None:
    vivants = [enfant for enfant in processus if enfant.poll() is None]
    for enfant in vivants:
        enfant.terminate()
    limite = time.monotonic() + GRACE
    for enfant in vivants:
        try:
            enfant.wait(max(0.0, limite - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(enfant.pid, signal.SIGKILL)
            enfant.wait()


if __name__ == "__main__":
    sys.exit(principal())
