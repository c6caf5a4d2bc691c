"""Sauvegarder et restaurer une installation : la base, les fichiers, et un manifeste d'empreintes.

L'archive ne contient ni la clé secrète (à garder ailleurs), ni l'index de recherche, qui se refait. La base
SQLite est copiée par son interface de sauvegarde : sous écriture, une copie de fichier ne rend pas une base
intacte.
"""

import hashlib
import json
import shutil
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection

from maillage.core.base_de_donnees import copier_la_base, remplacer_la_base

BASE = "base"
FICHIERS = "fichiers"
MANIFESTE = "manifeste.json"


class SauvegardeRefusee(Exception):
    """L'archive n'est pas complète, ou n'est pas pour cette installation. Rien n'a été changé."""


def sauvegarder(archive: Path) -> dict[str, Any]:
    """Écrit l'archive et rend son manifeste. Le site peut servir pendant ce temps."""
    with tempfile.TemporaryDirectory(dir=settings.MAILLAGE_DONNEES, prefix="sauvegarde-") as nom:
        dossier = Path(nom)
        copier_la_base(dossier / BASE)
        if settings.DOSSIER_FICHIERS.is_dir():
            shutil.copytree(settings.DOSSIER_FICHIERS, dossier / FICHIERS)
        manifeste = {
            "faite_le": datetime.now(UTC).isoformat(timespec="seconds"),
            "version": settings.MAILLAGE_VERSION,
            "moteur": connection.vendor,
            "empreintes": _empreintes(dossier),
        }
        (dossier / MANIFESTE).write_text(
            json.dumps(manifeste, ensure_ascii=False, indent=1), encoding="utf-8"
        )
        provisoire = archive.with_name(f"{archive.name}.partiel")
        with tarfile.open(provisoire, "w:gz") as tar:
            tar.add(dossier, arcname=".")
        provisoire.replace(archive)
    return manifeste


def restaurer(archive: Path, *, ecrire: bool) -> dict[str, Any]:
    """Vérifie l'archive et, si `ecrire`, remplace la base et les fichiers. Rend le manifeste.

    Web et travailleur doivent être arrêtés. L'index est retiré : il se refait au premier démarrage.
    """
    with tempfile.TemporaryDirectory(dir=settings.MAILLAGE_DONNEES, prefix="restauration-") as nom:
        dossier = Path(nom)
        manifeste = _ouvrir(archive, dossier)
        if ecrire:
            remplacer_la_base(dossier / BASE)
            (dossier / FICHIERS).mkdir(exist_ok=True)
            anciens = dossier / "anciens"
            if settings.DOSSIER_FICHIERS.is_dir():
                settings.DOSSIER_FICHIERS.rename(anciens)
            (dossier / FICHIERS).rename(settings.DOSSIER_FICHIERS)
            shutil.rmtree(settings.DOSSIER_INDEX, ignore_errors=True)
    return manifeste


def compter_les_lignes() -> dict[str, int]:
    """Nombre de lignes de chaque modèle : ce qu'une personne compare après une restauration."""
    return {modele._meta.label_lower: modele._default_manager.count() for modele in apps.get_models()}


def _ouvrir(archive: Path, dossier: Path) -> dict[str, Any]:
    try:
        with tarfile.open(archive) as tar:
            tar.extractall(dossier, filter="data")
        manifeste: dict[str, Any] = json.loads((dossier / MANIFESTE).read_text(encoding="utf-8"))
    except (tarfile.TarError, EOFError, OSError, ValueError) as faute:
        if isinstance(faute, FileNotFoundError) and faute.filename == str(archive):
            raise
        raise SauvegardeRefusee(
            "Cette archive est tronquée ou n'est pas une sauvegarde de Maillage."
        ) from faute
    if manifeste["moteur"] != connection.vendor:
        raise SauvegardeRefusee(
            f"La sauvegarde vient d'une base {manifeste['moteur']} ; celle-ci est {connection.vendor}."
        )
    if manifeste["empreintes"] != _empreintes(dossier):
        raise SauvegardeRefusee(
            "Un fichier de l'archive a été modifié ou manque. Prenez une autre sauvegarde."
        )
    return manifeste


def _empreintes(dossier: Path) -> dict[str, str]:
    return {
        str(fichier.relative_to(dossier)): _empreinte(fichier)
        for fichier in sorted(dossier.rglob("*"))
        if fichier.is_file() and fichier.name != MANIFESTE
    }


def _empreinte(fichier: Path) -> str:
    with fichier.open("rb") as contenu:
        return hashlib.file_digest(contenu, "sha256").hexdigest()
