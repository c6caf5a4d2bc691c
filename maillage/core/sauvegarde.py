"""Sauvegarder et restaurer une installation : la base, les fichiers, et un manifeste d'empreintes, signé.

L'archive ne contient ni la clé secrète (à garder ailleurs : elle signe le manifeste et ouvre les seconds facteurs),
ni l'index de recherche, qui se refait. La base SQLite est copiée par son interface de sauvegarde : sous écriture,
une copie de fichier ne rend pas une base intacte.
"""

import hashlib
import json
import os
import shutil
import tarfile
import tempfile
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from maillage.core.base_de_donnees import (
    BaseAbimee,
    actualiser_les_statistiques,
    copier_la_base,
    remplacer_la_base,
    sommes_des_tables,
)
from maillage.core.conservation import avant_de_restaurer

BASE = "base"
FICHIERS = "fichiers"
MANIFESTE = "manifeste.json"
SIGNATURE = "signature"
SEL = "maillage.sauvegarde"


class SauvegardeRefusee(Exception):
    """L'archive n'est pas complète, ou n'est pas pour cette installation. Rien n'a été changé."""


def sauvegarder(archive: Path) -> dict[str, Any]:
    """Écrit l'archive et rend son manifeste. Le site peut servir pendant ce temps. Lève `SauvegardeRefusee`."""
    with tempfile.TemporaryDirectory(dir=settings.MAILLAGE_DONNEES, prefix="sauvegarde-") as nom:
        dossier = Path(nom)
        try:
            sommes = copier_la_base(dossier / BASE)
        except BaseAbimee as faute:
            raise SauvegardeRefusee(
                f"La base est abîmée ({faute}). Arrêtez le service et restaurez la dernière sauvegarde."
            ) from faute
        # Les fichiers après la base : chaque ligne copiée a le sien, et un fichier de trop ne gêne personne.
        if settings.DOSSIER_FICHIERS.is_dir():
            shutil.copytree(settings.DOSSIER_FICHIERS, dossier / FICHIERS, copy_function=_copier_si_present)
        manifeste = {
            "faite_le": datetime.now(UTC).isoformat(timespec="seconds"),
            "version": settings.MAILLAGE_VERSION,
            "migrations": _migrations(connaitre=False),
            "moteur": connection.vendor,
            "tables": sommes,
            "empreintes": _empreintes(dossier),
        }
        texte = json.dumps(manifeste, ensure_ascii=False, indent=1)
        (dossier / MANIFESTE).write_text(texte, encoding="utf-8")
        (dossier / SIGNATURE).write_text(Signer(salt=SEL).signature(texte), encoding="utf-8")
        _ecrire_archive(dossier, archive)
    return manifeste


def restaurer(archive: Path, *, ecrire: bool, autre_cle: bool = False) -> dict[str, Any]:
    """Vérifie l'archive et, si `ecrire`, remplace la base et les fichiers. Rend le manifeste.

    Web et travailleur doivent être arrêtés. L'index est retiré : il se refait au premier démarrage. `autre_cle` :
    accepter une archive que la clé de cette machine n'a pas signée (la clé d'alors est perdue).
    """
    with tempfile.TemporaryDirectory(dir=settings.MAILLAGE_DONNEES, prefix="restauration-") as nom:
        dossier = Path(nom)
        manifeste = _ouvrir(archive, dossier, autre_cle=autre_cle)
        if ecrire:
            avant_de_restaurer()
            remplacer_la_base(dossier / BASE)
            (dossier / FICHIERS).mkdir(exist_ok=True)
            anciens = dossier / "anciens"
            if settings.DOSSIER_FICHIERS.is_dir():
                settings.DOSSIER_FICHIERS.rename(anciens)
            (dossier / FICHIERS).rename(settings.DOSSIER_FICHIERS)
            shutil.rmtree(settings.DOSSIER_INDEX, ignore_errors=True)
            if ecarts := _ecarts(manifeste["tables"], sommes_des_tables()):
                raise SauvegardeRefusee(
                    f"La base remise en place n'est pas celle de la sauvegarde : {ecarts}. "
                    "Recommencez depuis une autre archive avant d'ouvrir le site."
                )
            actualiser_les_statistiques()
    return manifeste


def compter_les_lignes() -> dict[str, int]:
    """Nombre de lignes de chaque modèle : ce qu'une personne compare après une restauration."""
    return {modele._meta.label_lower: modele._default_manager.count() for modele in apps.get_models()}


def _ecrire_archive(dossier: Path, archive: Path) -> None:
    """Lisible de son propriétaire seul ; elle ne prend son nom qu'une fois entière sur le disque."""
    provisoire = archive.with_name(f"{archive.name}.partiel")
    descripteur = os.open(provisoire, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descripteur, "wb") as sortie:
            with tarfile.open(fileobj=sortie, mode="w:gz") as tar:
                tar.add(dossier, arcname=".")
            sortie.flush()
            os.fsync(sortie.fileno())
        provisoire.replace(archive)
    except OSError:
        provisoire.unlink(missing_ok=True)
        raise


def _ouvrir(archive: Path, dossier: Path, *, autre_cle: bool) -> dict[str, Any]:
    try:
        with tarfile.open(archive) as tar:
            tar.extractall(dossier, filter="data")
        texte = (dossier / MANIFESTE).read_text(encoding="utf-8")
        signature = (dossier / SIGNATURE).read_text(encoding="utf-8")
        manifeste: dict[str, Any] = json.loads(texte)
    except (tarfile.TarError, EOFError, OSError, ValueError, zlib.error) as faute:
        if isinstance(faute, FileNotFoundError) and faute.filename == str(archive):
            raise
        raise SauvegardeRefusee(
            "Cette archive est tronquée ou n'est pas une sauvegarde de Maillage."
        ) from faute
    if not autre_cle:
        _verifier_la_signature(texte, signature)
    if manifeste["empreintes"] != _empreintes(dossier):
        raise SauvegardeRefusee(
            "Un fichier de l'archive a été modifié ou manque. Prenez une autre sauvegarde."
        )
    if manifeste["moteur"] != connection.vendor:
        raise SauvegardeRefusee(
            f"La sauvegarde vient d'une base {manifeste['moteur']} ; celle-ci est {connection.vendor}."
        )
    if inconnues := sorted(set(manifeste["migrations"]) - set(_migrations(connaitre=True))):
        raise SauvegardeRefusee(
            f"La sauvegarde vient d'une version plus récente ({manifeste['version']}, {inconnues[0]}). "
            "Mettez Maillage à jour, puis recommencez."
        )
    return manifeste


def _verifier_la_signature(texte: str, signature: str) -> None:
    try:
        Signer(salt=SEL).unsign(f"{texte}:{signature}")
    except BadSignature as faute:
        raise SauvegardeRefusee(
            "La clé secrète de cette machine n'a pas signé cette sauvegarde, ou le manifeste a été modifié. Remettez "
            "la clé d'alors (MAILLAGE_SECRET). Si elle est perdue, ajoutez --autre-cle : les seconds facteurs seront "
            "à refaire."
        ) from faute


def _migrations(*, connaitre: bool) -> list[str]:
    """Migrations que ce logiciel connaît, ou que la base a reçues."""
    chargees = MigrationLoader(connection)
    cles = chargees.disk_migrations if connaitre else chargees.applied_migrations
    return sorted(".".join(cle) for cle in cles or {})


def _ecarts(voulues: dict[str, str], lues: dict[str, str]) -> str:
    return ", ".join(
        table for table in sorted(voulues.keys() | lues.keys()) if voulues.get(table) != lues.get(table)
    )


def _copier_si_present(source: str, cible: str) -> None:
    """Un fichier retiré pendant la copie n'était plus à sauvegarder."""
    try:
        shutil.copy2(source, cible)
    except FileNotFoundError:
        pass


def _empreintes(dossier: Path) -> dict[str, str]:
    return {
        str(fichier.relative_to(dossier)): _empreinte(fichier)
        for fichier in sorted(dossier.rglob("*"))
        if fichier.is_file() and fichier not in {dossier / MANIFESTE, dossier / SIGNATURE}
    }


def _empreinte(fichier: Path) -> str:
    with fichier.open("rb") as contenu:
        return hashlib.file_digest(contenu, "sha256").hexdigest()
