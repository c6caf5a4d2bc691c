"""F23 : le courant coupé n'importe où dans une écriture ; la base s'ouvre, intègre, avec un préfixe des validations."""

import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from outils.epreuves import Epreuve
from outils.epreuves._compte import brancher
from outils.installation import installation_jetable

ATTENDU = "base intègre, et exactement les premières validations, sans trou"
VALIDATIONS = 200


def eprouver(courte: bool) -> Epreuve:
    coupures = 20 if courte else 200
    hasard = random.Random(23)
    fautes: list[str] = []
    gardees = []
    with installation_jetable() as installation:
        installation.lancer("migrate", "--verbosity", "0").wait()
        brancher(installation)
        from django.utils import timezone

        from maillage.core.models import Echeance

        for numero in range(VALIDATIONS):  # chacune sa transaction, avec les réglages du service
            Echeance.objects.create(nom=f"validation {numero}", fait_le=timezone.now())
        base = installation.dossier / "maillage.sqlite3"
        journal = (installation.dossier / "maillage.sqlite3-wal").read_bytes()
        if len(journal) < 4096:
            fautes.append("le journal est vide : l'épreuve n'a rien éprouvé")
        for coupure in range(coupures):
            copie = installation.dossier / "coupee.sqlite3"
            shutil.copy(base, copie)  # aucun écrivain à cet instant : c'est l'état du disque à la coupure
            Path(f"{copie}-wal").write_bytes(journal[: hasard.randint(0, len(journal))])
            nombre, faute = _ouvrir(copie)
            gardees.append(nombre)
            if faute:
                fautes.append(f"coupure {coupure} : {faute}")
            for reste in installation.dossier.glob("coupee.sqlite3*"):
                reste.unlink()
    bilan = (
        f"journal de {len(journal) // 1024} Kio coupé à {coupures} octets au hasard ; de {min(gardees)} à "
        f"{max(gardees)} validations sur {VALIDATIONS}"
    )
    return Epreuve("F23 coupure de courant", bilan, fautes, ATTENDU)


def _ouvrir(copie: Path) -> tuple[int, str]:
    with closing(sqlite3.connect(copie)) as base:
        etat = base.execute("PRAGMA integrity_check").fetchone()[0]
        lignes = "SELECT nom FROM core_echeance WHERE nom LIKE 'validation %' ORDER BY id"
        noms = [nom for (nom,) in base.execute(lignes)]
    if etat != "ok":
        return len(noms), f"base abîmée : {etat[:80]}"
    if noms != [f"validation {numero}" for numero in range(len(noms))]:
        return len(noms), "un trou dans les validations"
    return len(noms), ""
