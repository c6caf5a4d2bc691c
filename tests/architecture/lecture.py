"""Lire le dépôt : les fichiers, les arbres de syntaxe, les modèles et les valeurs closes."""

import ast
import importlib
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.apps import apps
from django.db import models

RACINE = Path(__file__).resolve().parents[2]
PAQUET = RACINE / "maillage"
PIECES = (
    "territoire",
    "comptes",
    "moderation",
    "catalogue",
    "portail",
    "demo",
)  # de bas en haut, `core` à part


def programmes(*, avec_migrations: bool = False) -> list[Path]:
    """Fichiers Python de l'application."""
    return [f for f in sorted(PAQUET.rglob("*.py")) if avec_migrations or "migrations" not in f.parts]


def gabarits() -> list[Path]:
    return sorted(f for f in PAQUET.rglob("templates/**/*") if f.is_file())


def nom(fichier: Path) -> str:
    """Chemin lisible, depuis la racine."""
    return str(fichier.relative_to(RACINE))


@cache
def arbre(fichier: Path) -> ast.Module:
    return ast.parse(fichier.read_text(encoding="utf-8"), str(fichier))


def appels(fichier: Path) -> Iterator[tuple[str, ast.Call]]:
    """Chaque appel du fichier, avec le dernier mot de ce qui est appelé (`a.b.execute(…)` → `execute`)."""
    for noeud in ast.walk(arbre(fichier)):
        if isinstance(noeud, ast.Call):
            fonction = noeud.func
            if isinstance(fonction, ast.Attribute):
                yield fonction.attr, noeud
            elif isinstance(fonction, ast.Name):
                yield fonction.id, noeud


def modules_importes(fichier: Path) -> Iterator[tuple[int, str]]:
    """(ligne, module) de chaque import, y compris ceux écrits dans une fonction."""
    for noeud in ast.walk(arbre(fichier)):
        if isinstance(noeud, ast.Import):
            for alias in noeud.names:
                yield noeud.lineno, alias.name
        elif isinstance(noeud, ast.ImportFrom) and noeud.module:
            for alias in noeud.names:
                yield noeud.lineno, f"{noeud.module}.{alias.name}"


def nos_modeles() -> list[type[models.Model]]:
    return [modele for modele in apps.get_models() if modele.__module__.startswith("maillage.")]


def valeurs_closes() -> list[type[models.Choices]]:
    """Toutes les énumérations des fichiers `choices.py` (ou du paquet `choices`)."""
    trouvees = {}
    for fichier in programmes():
        if fichier.name == "choices.py" or "choices" in fichier.parts:
            module = importlib.import_module(".".join(fichier.relative_to(RACINE).with_suffix("").parts))
            for objet in vars(module).values():
                if isinstance(objet, type) and issubclass(objet, models.Choices) and len(objet):
                    trouvees[f"{objet.__module__}.{objet.__name__}"] = objet
    return [trouvees[cle] for cle in sorted(trouvees) if cle.startswith("maillage.")]


def fichiers_suivis() -> list[Path]:
    """Fichiers que git suit ou suivra ; hors d'un dépôt, tous les fichiers qui ne sont pas installés."""
    commande = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    git = subprocess.run(commande, cwd=RACINE, capture_output=True, text=True)
    if git.returncode == 0:
        return [
            RACINE / chemin for chemin in git.stdout.split("\0") if chemin and (RACINE / chemin).is_file()
        ]
    installes = {".venv", "node_modules", "var", "statiques"}
    return [f for f in RACINE.rglob("*") if f.is_file() and not installes & set(f.relative_to(RACINE).parts)]
