"""F24 : un petit disque rempli à ras bord ; on lit encore, on le dit, et tout reprend sans réparation."""

import os
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from outils.epreuves import Epreuve
from outils.epreuves._brouillon import commencer
from outils.epreuves._serveur import web
from outils.epreuves._visiteur import Visiteur
from outils.installation import Installation

ATTENDU = "les pages se lisent, l'écriture est refusée en clair, tout reprend seul, base intègre"
TAILLE = "256m"
"""Plus que les 50 Mo de la table : `/readyz` veut 100 Mio libres avant de servir."""
ESSAIS = 400
LECTURES = ("/", "/experiences/", "/centres/")


def eprouver(courte: bool) -> Epreuve:
    nom, fautes = "F24 disque plein", []
    with _petit_disque() as disque:
        if disque is None:
            return Epreuve(nom, "non joué : il faut pouvoir monter un disque en mémoire", [], ATTENDU)
        installation = Installation(disque, {"MAILLAGE_MODE": "demo"})
        compte = installation.commande("charger_demo", "--ecrire")["comptes"][1]
        installation.commande("rechercher", "jardin")
        installation.publier_statiques()
        with web(installation) as serveur:
            ecriture = commencer(serveur.adresse, compte)
            if not ecriture.enregistrer(1):
                fautes.append("l'écriture échoue avant que le disque soit plein")
            lest = _remplir(disque)
            for page in LECTURES:
                if (lue := Visiteur(serveur.adresse).demander(page).code) != 200:
                    fautes.append(f"{page} : réponse {lue}, disque plein")
            numero = 1
            while ecriture.refus == "" and numero < ESSAIS:  # le journal a d'abord un peu de place à lui
                numero += 1
                ecriture.enregistrer(numero, suite=" " + "mot " * 400)
            code, _, texte = ecriture.refus.partition(" ")
            if code != "503" or "plein" not in texte:
                fautes.append(f"écriture disque plein : « {ecriture.refus[:120]} »")
            if Visiteur(serveur.adresse).demander("/readyz").code != 503:
                fautes.append("/readyz ne dit pas que le disque est plein")
            lest.unlink()
            ecriture.relire()
            if not ecriture.enregistrer(numero + 1):
                fautes.append("l'écriture ne reprend pas quand la place revient")
        with closing(sqlite3.connect(disque / "maillage.sqlite3")) as base:
            if (etat := base.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
                fautes.append(f"base abîmée : {etat[:100]}")
        bilan = f"disque de 256 Mo, {len(LECTURES)} pages lues, écriture refusée par {code}, reprise seule"
    return Epreuve(nom, bilan, fautes, ATTENDU)


@contextmanager
def _petit_disque() -> Iterator[Path | None]:
    with tempfile.TemporaryDirectory(prefix="maillage-disque-") as dossier:
        monter = ["mount", "-t", "tmpfs", "-o", f"size={TAILLE}", "tmpfs", dossier]
        if os.geteuid() != 0 or subprocess.run(monter, capture_output=True).returncode:
            yield None
            return
        try:
            yield Path(dossier)
        finally:
            subprocess.run(["umount", "-l", dossier], check=True)


def _remplir(disque: Path) -> Path:
    lest = disque / "lest"
    with lest.open("wb", buffering=0) as sortie:
        for taille in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    sortie.write(b"\0" * taille)
            except OSError:
                continue
    return lest
