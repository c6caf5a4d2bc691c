"""Produire les fichiers, les dater, retrouver une version.

Une version est un dossier daté, écrit à côté puis renommé : personne ne voit un fichier à moitié écrit. Elle
porte un manifeste (taille, lignes, empreinte). Rien n'a changé depuis la dernière ? Aucune version de plus.
"""

import hashlib
import json
import re
import shutil
import tempfile
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import count
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from maillage.core.commandes import verrou
from maillage.portail.donnees_ouvertes.jeux import JEUX, Jeu

VERSIONS_GARDEES = 12
MANIFESTE = "manifeste.json"
_NOM_DE_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(?:-\d{1,3})?")


@dataclass(frozen=True)
class Fichier:
    nom: str
    jeu: str
    taille: int
    lignes: int
    empreinte: str

    @property
    def format(self) -> str:
        return self.nom.rsplit(".", 1)[-1]


@dataclass(frozen=True)
class Version:
    nom: str
    produite_le: datetime
    fichiers: tuple[Fichier, ...]

    def fichier(self, nom: str) -> Fichier | None:
        return next((fichier for fichier in self.fichiers if fichier.nom == nom), None)

    def chemin(self, fichier: Fichier) -> Path:
        return dossier() / self.nom / fichier.nom


def dossier() -> Path:
    return Path(settings.DOSSIER_FICHIERS) / "donnees_ouvertes"


def publier() -> Version:
    """Écrit les fichiers et rend la version en vigueur : une nouvelle, ou la dernière si rien n'a changé."""
    dossier().mkdir(parents=True, exist_ok=True)
    with verrou(dossier() / "publication.verrou"):
        provisoire = Path(tempfile.mkdtemp(dir=dossier(), prefix="provisoire-"))
        try:
            fichiers = tuple(_ecrire(jeu, format, provisoire) for jeu in JEUX for format in jeu.formats)
            precedente = derniere()
            if precedente and _contenu(precedente.fichiers) == _contenu(fichiers):
                return precedente
            version = Version(_nom_libre(), timezone.now(), fichiers)
            (provisoire / MANIFESTE).write_text(_manifeste(version), encoding="utf-8")
            provisoire.rename(dossier() / version.nom)
        finally:
            shutil.rmtree(provisoire, ignore_errors=True)
        for ancienne in versions()[VERSIONS_GARDEES:]:
            shutil.rmtree(dossier() / ancienne.nom, ignore_errors=True)
    return version


def versions() -> list[Version]:
    """Les versions gardées, la plus récente d'abord."""
    if not dossier().is_dir():
        return []
    noms = [d.name for d in dossier().iterdir() if _NOM_DE_VERSION.fullmatch(d.name)]
    return [version for nom in sorted(noms, key=_rang, reverse=True) if (version := lire(nom))]


def derniere() -> Version | None:
    return next(iter(versions()), None)


def lire(nom: str) -> Version | None:
    """La version de ce nom ; rien si elle n'existe pas (ou si le nom n'en est pas un)."""
    manifeste = dossier() / nom / MANIFESTE
    if not _NOM_DE_VERSION.fullmatch(nom) or not manifeste.is_file():
        return None
    lu = json.loads(manifeste.read_text(encoding="utf-8"))
    fichiers = tuple(Fichier(**fichier) for fichier in lu["fichiers"])
    return Version(lu["nom"], datetime.fromisoformat(lu["produite_le"]), fichiers)


def _ecrire(jeu: Jeu, format: str, ou: Path) -> Fichier:
    nom, somme, lignes = f"{jeu.nom}.{format}", hashlib.sha256(), count()
    with open(ou / nom, "wb") as sortie:
        for morceau in jeu.morceaux(format, lambda: next(lignes)):
            sortie.write(morceau)
            somme.update(morceau)
    return Fichier(nom, jeu.nom, (ou / nom).stat().st_size, next(lignes), somme.hexdigest())


def _contenu(fichiers: tuple[Fichier, ...]) -> set[tuple[str, str]]:
    """Un classeur porte l'heure de sa naissance : deux versions se comparent par leurs fichiers de texte."""
    return {(fichier.nom, fichier.empreinte) for fichier in fichiers if fichier.format in {"csv", "json"}}


def _manifeste(version: Version) -> str:
    contenu = {
        "nom": version.nom,
        "produite_le": version.produite_le.isoformat(),
        "licence": "Licence Ouverte 2.0 (Etalab)",
        "fichiers": [asdict(fichier) for fichier in version.fichiers],
    }
    return json.dumps(contenu, ensure_ascii=False, indent=1)


def _nom_libre() -> str:
    """La date du jour ; puis « -2 », « -3 » si l'on publie plusieurs fois dans la journée."""
    jour = timezone.localdate().isoformat()
    rang = max((_rang(v.nom)[1] for v in versions() if v.nom.startswith(jour)), default=0) + 1
    return jour if rang == 1 else f"{jour}-{rang}"


def _rang(nom: str) -> tuple[str, int]:
    return nom[:10], int(nom[11:] or 1)
