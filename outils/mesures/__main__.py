"""`bin/mesures [NOM…]` : mesure ce qui existe, écrit `docs/mesures.md` et imprime le tableau.

Chaque module a sa section ; `bin/mesures pages` ne refait que la sienne.
"""

import argparse
import importlib
import os
import pkgutil
import platform
import re
import sqlite3
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

RACINE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(RACINE))

from outils.mesures import Mesure  # noqa: E402

PAGE = RACINE / "docs" / "mesures.md"
PREAMBULE = """# Les mesures

Écrit par `bin/mesures`. Une vitesse est un rapport, pris dans la même exécution : la page ou le moteur
mesuré, divisé par une référence. La **page de référence** est une vue qui traverse tous les intergiciels,
lit un objet par sa clé et rend le même nombre d'octets par une seule boucle de gabarit.
"""


def principal() -> int:
    noms = sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    noms = [nom for nom in noms if not nom.startswith("_")]
    analyse = argparse.ArgumentParser(prog="bin/mesures", description="Mesure ce qui existe.")
    analyse.add_argument(
        "noms", nargs="*", metavar="NOM", help=f"parmi : {', '.join(noms)} (tout par défaut)"
    )
    choisis = analyse.parse_args().noms or noms
    if inconnus := sorted(set(choisis) - set(noms)):
        analyse.error(f"mesure inconnue : {', '.join(inconnus)}")
    if len(choisis) == 1:
        return _mesurer(choisis[0])
    # Une mesure branche l'application de son processus sur son installation : la suivante en veut un neuf.
    seule = [sys.executable, "-m", "outils.mesures"]
    return max([subprocess.run([*seule, nom], cwd=RACINE).returncode for nom in choisis])


def _mesurer(nom: str) -> int:
    module = importlib.import_module(f"outils.mesures.{nom}")
    print(f"── {nom}", file=sys.stderr, flush=True)
    mesures = module.mesurer()
    sections = _sections_gardees()
    sections[nom] = _section(nom, (module.__doc__ or "").splitlines()[0], mesures)
    print(sections[nom], flush=True)
    PAGE.write_text("\n".join([PREAMBULE, *(sections[cle] for cle in sorted(sections))]), encoding="utf-8")
    return int(any(mesure.atteint is False for mesure in mesures))


def _sections_gardees() -> dict[str, str]:
    """Sections déjà écrites, par nom de module."""
    if not PAGE.exists():
        return {}
    morceaux = re.split(r"^(?=## )", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return {morceau.split("`")[1]: morceau.strip() + "\n" for morceau in morceaux}


def _section(nom: str, titre: str, mesures: list[Mesure]) -> str:
    signes = {True: "oui", False: "**non**", None: "—"}
    lignes = [f"## `{nom}` — {titre.rstrip('.')}", "", f"{_machine()}", ""]
    lignes += ["| Sujet | Demandé | Mesuré | Atteint | Comment |", "|---|---|---|---|---|"]
    for m in mesures:
        lignes.append(f"| {m.sujet} | {m.demande} | {m.mesure} | {signes[m.atteint]} | {m.comment} |")
    return "\n".join(lignes) + "\n"


def _machine() -> str:
    """Quand, sur quoi, sur quelle version : sans cela un chiffre ne vaut rien."""
    modele = re.search(r"model name\s*:\s*(.+)", _lire("/proc/cpuinfo"))
    memoire = re.search(r"MemTotal:\s*(\d+)", _lire("/proc/meminfo"))
    git = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=RACINE, capture_output=True, text=True)
    return (
        f"Le {datetime.now(ZoneInfo('Europe/Paris')):%d/%m/%Y à %H h %M}, version {git.stdout.strip() or 'inconnue'}, "
        f"{os.cpu_count()} cœurs ({modele[1] if modele else platform.machine()}), "
        f"{int(memoire[1]) // 1024**2 if memoire else '?'} Gio, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}."
    )


def _lire(chemin: str) -> str:
    try:
        return Path(chemin).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


if __name__ == "__main__":
    sys.exit(principal())
