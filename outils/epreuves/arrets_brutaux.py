"""Couper l'import n'importe quand, puis le relancer : le même état qu'un import sans coupure."""

import random
import shutil
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

from outils.epreuves import Epreuve
from outils.epreuves._pages import ecrire_page
from outils.installation import Installation, installation_jetable

TABLES_DU_RESULTAT = ("catalogue_%", "territoire_structure", "territoire_partenaire")
COLONNES_PROPRES_A_L_EXECUTION = ("id", "code", "_le", "_id")


def eprouver(courte: bool) -> Epreuve:
    tours, fiches = (4, 40) if courte else (40, 200)
    hasard = random.Random(20261120)
    fautes: list[str] = []
    coupes = 0
    with installation_jetable() as modele:
        modele.commande("charger_territoire", "--ecrire")
        page = ecrire_page(modele.dossier / "page.txt", fiches)
        temoin = _copier(modele, "temoin")
        debut = time.monotonic()
        temoin.commande("importer_catalogue", str(page), "--ecrire")
        duree = time.monotonic() - debut
        voulu = _etat(temoin)
        for tour in range(tours):
            victime = _copier(modele, f"victime-{tour}")
            while _couper(victime, page, hasard.uniform(0.3, duree * 1.05)):
                coupes += 1
                if coupes % 5 == 4:
                    break  # la même installation est parfois coupée plusieurs fois de suite
            bilan = victime.commande("importer_catalogue", str(page), "--ecrire")
            if bilan["rejetees"] or bilan["lues"] != fiches:
                fautes.append(f"tour {tour} : bilan {bilan['lues']} lues, {bilan['rejetees']} rejetées")
            if (etat := _etat(victime)) != voulu:
                fautes.append(f"tour {tour} : {_difference(voulu, etat)}")
            trouvees = victime.commande("rechercher", "")["total"]
            if trouvees != fiches:
                fautes.append(f"tour {tour} : {trouvees} fiches trouvées sur {fiches}")
            shutil.rmtree(victime.dossier)
    return Epreuve(
        "F20 arrêts brutaux pendant l'import", f"{tours} imports de {fiches} fiches, {coupes} kill -9", fautes
    )


def _copier(modele: Installation, nom: str) -> Installation:
    dossier = modele.dossier / nom
    dossier.mkdir()
    for fichier in modele.dossier.glob("maillage.sqlite3*"):
        shutil.copy(fichier, dossier)
    return Installation(dossier)


def _couper(victime: Installation, page: Path, delai: float) -> bool:
    """Lance l'import et le tue après `delai` secondes ; faux s'il avait déjà fini."""
    muet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    processus = victime.lancer("importer_catalogue", str(page), "--ecrire", "--json", **muet)
    try:
        processus.wait(timeout=delai)
        return False
    except subprocess.TimeoutExpired:
        processus.send_signal(signal.SIGKILL)
        processus.wait()
        return True


def _etat(installation: Installation) -> dict[str, list[tuple[object, ...]]]:
    """Contenu de chaque table du résultat, sans ce qui dépend de l'heure ou de l'ordre d'écriture."""
    condition = " OR ".join("name LIKE ?" for _ in TABLES_DU_RESULTAT)
    with closing(sqlite3.connect(installation.dossier / "maillage.sqlite3")) as base:
        noms = f"SELECT name FROM sqlite_master WHERE type = 'table' AND ({condition})"  # noqa: S608
        etat = {}
        for (table,) in base.execute(noms, TABLES_DU_RESULTAT):
            colonnes = [c[1] for c in base.execute(f"PRAGMA table_info({table})")]
            gardees = ", ".join(c for c in colonnes if not c.endswith(COLONNES_PROPRES_A_L_EXECUTION))
            lignes = base.execute(f"SELECT {gardees or 'count(*)'} FROM {table}")  # noqa: S608
            etat[table] = sorted(lignes, key=repr)
    return etat


def _difference(voulu: dict[str, list[tuple[object, ...]]], etat: dict[str, list[tuple[object, ...]]]) -> str:
    return ", ".join(
        f"{table} : {len(etat.get(table, []))} lignes au lieu de {len(lignes)}"
        for table, lignes in voulu.items()
        if etat.get(table) != lignes
    )
