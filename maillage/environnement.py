"""Lecture des variables d'environnement : typée, et bruyante quand une valeur n'a pas de sens."""

import os
import secrets
from pathlib import Path


class ReglageRefuse(RuntimeError):
    """Un réglage manque ou n'est pas sûr ; le message dit lequel et quoi écrire."""


def env_texte(nom: str, defaut: str = "") -> str:
    """Valeur de la variable, ou contenu du fichier nommé par `NOM_FILE` (secrets montés par l'hébergeur)."""
    fichier = os.environ.get(f"{nom}_FILE")
    if fichier:
        return Path(fichier).read_text(encoding="utf-8").strip()
    return os.environ.get(nom, defaut).strip()


def env_booleen(nom: str, defaut: bool = False) -> bool:
    valeur = env_texte(nom).lower()
    if not valeur:
        return defaut
    if valeur in {"1", "oui", "true", "vrai"}:
        return True
    if valeur in {"0", "non", "false", "faux"}:
        return False
    raise ReglageRefuse(f"{nom}={valeur!r} n'est ni oui ni non. Écrivez {nom}=oui ou {nom}=non.")


def env_entier(nom: str, defaut: int) -> int:
    valeur = env_texte(nom)
    if not valeur:
        return defaut
    try:
        return int(valeur)
    except ValueError:
        raise ReglageRefuse(f"{nom}={valeur!r} n'est pas un nombre entier.") from None


def env_liste(nom: str) -> list[str]:
    return [element.strip() for element in env_texte(nom).split(",") if element.strip()]


def secret_local(dossier: Path) -> str:
    """Clé secrète d'une installation locale ou de démonstration, créée une fois et lisible d'elle seule."""
    fichier = dossier / "secret"
    try:
        descripteur = os.open(fichier, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return fichier.read_text(encoding="utf-8").strip()
    cle = secrets.token_urlsafe(64)
    with os.fdopen(descripteur, "w", encoding="utf-8") as sortie:
        sortie.write(cle)
    return cle
