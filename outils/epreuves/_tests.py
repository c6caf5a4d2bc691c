"""Une épreuve qui est déjà écrite en tests : la longue les rejoue, la courte vérifie qu'ils existent."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

from outils.epreuves import Epreuve

RACINE = Path(__file__).resolve().parents[2]


def par_les_tests(nom: str, attendu: str, *choix: str, courte: bool) -> Epreuve:
    """`choix` : fichiers de tests. `bin/test` vient de les jouer : la ronde courte ne les joue pas deux fois."""
    absents = [f for f in choix if not (RACINE / f).exists()]
    if absents:
        return Epreuve(nom, "", [f"absent : {f}" for f in absents], attendu)
    if courte:
        tests = sum(_nombre_de_tests(RACINE / fichier) for fichier in choix)
        return Epreuve(nom, f"{tests} tests joués par bin/test", [] if tests else ["aucun test"], attendu)
    joues = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-n",
            "2",
            "--dist",
            "loadgroup",
            *choix,
        ],
        cwd=RACINE,
        env=os.environ | {"MAILLAGE_EPREUVES": "longues"},
        capture_output=True,
        text=True,
    )
    derniere = joues.stdout.strip().splitlines()[-1] if joues.stdout.strip() else joues.stderr[-200:]
    echecs = re.findall(r"^(?:FAILED|ERROR) (\S+)", joues.stdout, re.MULTILINE)
    compte = re.sub(r" in [\d.]+s.*", "", derniere)
    fautes = echecs or ([derniere] if joues.returncode else [])
    return Epreuve(nom, f"{compte} ({', '.join(Path(f).name for f in choix)})", fautes, attendu)


def _nombre_de_tests(fichier: Path) -> int:
    arbre = ast.parse(fichier.read_text(encoding="utf-8"))
    return sum(isinstance(n, ast.FunctionDef) and n.name.startswith("test_") for n in ast.walk(arbre))
