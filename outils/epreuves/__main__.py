"""`bin/epreuves [--courtes] [NOM…]` : les longues sont datées dans `docs/epreuves.md`."""

import argparse
import multiprocessing
import pkgutil
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

RACINE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(RACINE))

from outils.epreuves import Epreuve, eprouver  # noqa: E402
from outils.installation import modele_de_demonstration  # noqa: E402

PAGE = RACINE / "docs" / "epreuves.md"
PREAMBULE = """# Les épreuves

Écrit par `bin/epreuves`, une ligne par exécution, la plus récente en bas. Une ronde courte de chacune tourne
à chaque `bin/test`.

| Jour | Épreuve | Attendu | Essayé et observé | Tenue | Durée |
|---|---|---|---|---|---|
"""


def principal() -> int:
    tous = sorted(m.name for m in pkgutil.iter_modules([str(Path(__file__).parent)]) if m.name[0] != "_")
    analyse = argparse.ArgumentParser(prog="bin/epreuves", description="Arrêts brutaux, écrivains, hasard.")
    analyse.add_argument("--courtes", action="store_true", help="la ronde courte, sans rien écrire dans docs")
    analyse.add_argument("noms", nargs="*", metavar="NOM", help=f"parmi : {', '.join(tous)}")
    options = analyse.parse_args()
    if inconnus := sorted(set(options.noms) - set(tous)):
        analyse.error(f"épreuve inconnue : {', '.join(inconnus)}")
    tenues = True
    # la ronde courte ne juge pas de temps : deux à la fois ; la longue a la machine pour elle
    modele = modele_de_demonstration() if options.courtes else nullcontext()
    with modele, ThreadPoolExecutor(2 if options.courtes else 1) as fils:
        for epreuve, duree in fils.map(lambda nom: _jouer(nom, options.courtes), options.noms or tous):
            tenues &= not epreuve.fautes
            print(
                f"{'tenue' if not epreuve.fautes else 'ÉCHEC'}  {epreuve.nom} : {epreuve.bilan} ({duree:.0f} s)"
            )
            print("".join(f"    {faute}\n" for faute in epreuve.fautes[:20]), end="", flush=True)
            if not options.courtes:
                _dater(epreuve, duree)
    return 0 if tenues else 1


def _jouer(nom: str, courte: bool) -> tuple[Epreuve, float]:
    """Dans un processus neuf : Django ne se règle qu'une fois par processus."""
    debut = time.monotonic()
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as neuf:
        epreuve = neuf.submit(eprouver, nom, courte).result()
    return epreuve, time.monotonic() - debut


def _dater(epreuve: Epreuve, duree: float) -> None:
    if not PAGE.exists():
        PAGE.write_text(PREAMBULE, encoding="utf-8")
    tenue = "oui" if not epreuve.fautes else f"**non** ({len(epreuve.fautes)} fautes)"
    with PAGE.open("a", encoding="utf-8") as page:
        jour = f"{datetime.now(ZoneInfo('Europe/Paris')):%d/%m/%Y}"
        cellules = (jour, epreuve.nom, epreuve.attendu, epreuve.bilan, tenue, f"{duree:.0f} s")
        page.write(f"| {' | '.join(cellule.replace('|', '∣') for cellule in cellules)} |\n")


if __name__ == "__main__":
    sys.exit(principal())
