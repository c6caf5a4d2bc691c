"""`bin/test` : toutes les vérifications, sur SQLite et sur PostgreSQL, puis dans un navigateur.

La dernière ligne est `N passed, N failed, N skipped` : la somme des tests et des vérifications.
"""

import argparse
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

RACINE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(RACINE))

from outils import chromium, postgres  # noqa: E402

OUVRIERS = str(min(os.cpu_count() or 1, 4))


@dataclass
class Bilan:
    passes: int = 0
    echecs: int = 0
    sautes: int = 0
    etapes: list[str] = field(default_factory=list)

    def noter(self, etape: str, passes: int, echecs: int, sautes: int, duree: float) -> None:
        self.passes += passes
        self.echecs += echecs
        self.sautes += sautes
        signe = "ÉCHEC" if echecs else "passé" if passes else "sauté"
        self.etapes.append(
            f"{signe}  {etape} : {passes} passés, {echecs} échoués, {sautes} sautés, {duree:.0f} s"
        )


def principal() -> int:
    analyse = argparse.ArgumentParser(prog="bin/test", description="Toutes les vérifications de Maillage.")
    analyse.add_argument("--rapide", action="store_true", help="sans PostgreSQL, ni navigateur, ni épreuves")
    rapide = analyse.parse_args().rapide
    manque = [] if rapide else _manque()
    if manque:
        print(f"Il manque de quoi tout vérifier. Tapez : apt install {' '.join(manque)}")
        print("0 passed, 1 failed, 0 skipped")
        return 1
    bilan = Bilan()
    verifications(bilan)
    _pytest(bilan, "tests sur SQLite", ["--ignore=tests/navigateur"], _sur_sqlite())
    if not rapide:
        with postgres.postgres_jetable() as adresse:
            sur_postgres = _environnement(DATABASE_URL=adresse)
            _pytest(bilan, "tests sur PostgreSQL", ["--ignore=tests/navigateur"], sur_postgres)
            choix = ["tests/navigateur", "-m", "aussi_sur_postgresql"]
            _pytest(bilan, "navigateur sur PostgreSQL", choix, sur_postgres)
        _pytest(bilan, "navigateur sur SQLite", ["tests/navigateur"], _sur_sqlite())
        _verifier(bilan, "épreuves courtes", "-m", "outils.epreuves", "--courtes")
    print("\n".join(["", "Étapes", *bilan.etapes]))
    print(f"{bilan.passes} passed, {bilan.echecs} failed, {bilan.sautes} skipped", flush=True)
    return 1 if bilan.echecs else 0


def verifications(bilan: Bilan) -> None:
    """Ce qui se vérifie sans lancer l'application."""
    _verifier(bilan, "ruff", "-m", "ruff", "check", "--quiet", "maillage", "tests", "outils")
    _verifier(bilan, "mypy", "-m", "mypy", "--no-error-summary")
    _verifier(bilan, "murs", str(Path(sys.executable).with_name("lint-imports")), "--no-logo")
    _verifier(bilan, "migrations complètes", "manage.py", "makemigrations", "--check", "--dry-run")
    with tempfile.TemporaryDirectory(prefix="maillage-deploiement-") as dossier:
        production = _environnement(
            MAILLAGE_MODE="production",
            MAILLAGE_DONNEES=dossier,
            MAILLAGE_SECRET=secrets.token_urlsafe(64),
            MAILLAGE_HOTES="maillage.exemple.fr",
            MAILLAGE_URL="https://maillage.exemple.fr",
        )
        controle = ["manage.py", "check", "--deploy", "--fail-level", "WARNING"]
        _verifier(bilan, "réglages de production", *controle, environnement=production)
    _auditer_les_dependances(bilan)


def _verifier(bilan: Bilan, etape: str, *commande: str, environnement: dict[str, str] | None = None) -> None:
    debut = time.monotonic()
    _titre(etape)
    code = subprocess.run(
        [sys.executable, *commande], cwd=RACINE, env=environnement or _sur_sqlite()
    ).returncode
    bilan.noter(etape, int(code == 0), int(code != 0), 0, time.monotonic() - debut)


def _auditer_les_dependances(bilan: Bilan) -> None:
    """Cherche les failles connues ; quand aucun service ne répond, l'étape est sautée et le dit."""
    debut = time.monotonic()
    _titre("failles connues des dépendances")
    audit = [
        "-m",
        "pip_audit",
        "-r",
        "requirements/base.txt",
        "--disable-pip",
        "--require-hashes",
        "-f",
        "json",
    ]
    try:
        resultat = subprocess.run(
            [sys.executable, *audit, "--timeout", "20", "--progress-spinner", "off"],
            cwd=RACINE,
            capture_output=True,
            text=True,
            timeout=180,
        )
        lus = [lu for lu in json.loads(resultat.stdout)["dependencies"] if "skip_reason" not in lu]
    except (subprocess.TimeoutExpired, ValueError):
        lus = []
    failles = [f"{lu['name']} {lu['version']} : {faille['id']}" for lu in lus for faille in lu["vulns"]]
    print("\n".join(failles) or f"{len(lus)} bibliothèques sans faille connue.")
    if not lus:
        print("Pas de réponse du service des failles connues : étape sautée, à refaire avec un réseau.")
    duree = time.monotonic() - debut
    bilan.noter("failles connues", int(bool(lus) and not failles), int(bool(failles)), int(not lus), duree)


def _pytest(bilan: Bilan, etape: str, choix: Sequence[str], environnement: dict[str, str]) -> None:
    debut = time.monotonic()
    _titre(etape)
    with tempfile.TemporaryDirectory(prefix="maillage-rapport-") as dossier:
        rapport = Path(dossier) / "rapport.xml"
        options = [
            "-q",
            "-n",
            OUVRIERS,
            "--dist",
            "loadgroup",
            "-p",
            "no:cacheprovider",
            f"--junitxml={rapport}",
        ]
        code = subprocess.run(
            [sys.executable, "-m", "pytest", *choix, *options], cwd=RACINE, env=environnement
        ).returncode
        passes, echecs, sautes = _lire_rapport(rapport)
    if code not in (0, 1) or (code == 1 and not echecs):
        echecs += 1  # pytest s'est arrêté avant la fin, ou n'a trouvé aucun test
    bilan.noter(etape, passes, echecs, sautes, time.monotonic() - debut)


def _lire_rapport(rapport: Path) -> tuple[int, int, int]:
    if not rapport.exists():
        return 0, 0, 0
    suites = ElementTree.parse(rapport).getroot().iter("testsuite")  # noqa: S314
    total = echecs = sautes = 0
    for suite in suites:
        total += int(suite.get("tests", 0))
        echecs += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        sautes += int(suite.get("skipped", 0))
    return max(total - echecs - sautes, 0), echecs, sautes


def _manque() -> list[str]:
    """Paquets Debian à installer pour tout vérifier."""
    presents = {"chromium": chromium.executable(), "postgresql": postgres.programmes()}
    return [paquet for paquet, present in presents.items() if present is None]


def _sur_sqlite() -> dict[str, str]:
    environnement = _environnement()
    environnement.pop("DATABASE_URL", None)
    return environnement


def _environnement(**variables: str) -> dict[str, str]:
    """L'environnement sans les réglages de la personne : les vérifications ne dépendent pas d'eux."""
    propre = {
        nom: valeur for nom, valeur in os.environ.items() if not nom.startswith(("MAILLAGE_", "DJANGO_"))
    }
    return {**propre, **variables}


def _titre(etape: str) -> None:
    print(f"\n── {etape}", flush=True)


if __name__ == "__main__":
    sys.exit(principal())
