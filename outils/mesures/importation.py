"""L'import d'une page, de l'analyse à la validation, contre l'écriture nue des mêmes lignes."""

import time
from pathlib import Path
from typing import Any

from outils.epreuves._compte import brancher
from outils.epreuves._pages import ecrire_page
from outils.installation import installation_jetable
from outils.mesures import Mesure, nombre

FICHES = 2_000
TOURS = 3
PART_MINIMALE = 0.25
Lignes = list[tuple[Any, list[Any]]]


def mesurer() -> list[Mesure]:
    with installation_jetable() as installation:
        installation.commande("charger_territoire", "--ecrire")
        page = ecrire_page(installation.dossier / "page.txt", FICHES)
        brancher(installation)
        entiers, nus = [], []
        for _ in range(TOURS):  # en alternance : la machine est la même pour les deux
            entiers.append(_chronometrer_l_import(page))
            lignes = _lignes()
            _effacer(lignes)
            nus.append(_chronometrer_l_ecriture(lignes))
            _effacer(lignes)
    part = min(nus) / min(entiers)
    ecrites = sum(len(objets) for _, objets in lignes)
    return [
        Mesure(
            "débit de l'import, de l'analyse à la validation",
            f"≥ {nombre(PART_MINIMALE * 100, 0)} % de l'écriture nue",
            f"{nombre(part * 100, 0)} %",
            f"{FICHES} fiches inventées, {ecrites} lignes dans {len(lignes)} tables : import "
            f"{nombre(min(entiers), 1)} s, `bulk_create` seul {nombre(min(nus), 1)} s, d'une traite ; le meilleur de "
            f"{TOURS} tours alternés",
            part >= PART_MINIMALE,
        )
    ]


def _chronometrer_l_import(page: Path) -> float:
    from maillage.catalogue.importation.lecture import lire
    from maillage.catalogue.operations.importation import importer_blocs
    from maillage.core.journal import SYSTEME

    debut = time.perf_counter()
    bilan = importer_blocs(lire(page, page.name).blocs, par=SYSTEME)
    duree = time.perf_counter() - debut
    assert bilan.en_dict()["creees"] == FICHES, bilan.en_dict()  # noqa: S101
    return duree


def _chronometrer_l_ecriture(lignes: Lignes) -> float:
    """Les mêmes lignes, déjà prêtes, table par table, en une seule validation : le plus court que la base permette."""
    from django.db import transaction

    debut = time.perf_counter()
    with transaction.atomic():
        for modele, objets in lignes:
            modele.objects.bulk_create(objets)
    return time.perf_counter() - debut


def _lignes() -> Lignes:
    """Tout ce que l'import a écrit, dans l'ordre où une clé étrangère le permet."""
    from maillage.catalogue.models import (
        BlocSource,
        Classement,
        Experience,
        Moyen,
        Partenariat,
        PointAVerifier,
        Terme,
    )
    from maillage.core.models import Changement, LigneJournal
    from maillage.territoire.models import Partenaire, Structure

    partagees = (Structure, Partenaire, Terme)
    propres = (
        Experience,
        Classement,
        Partenariat,
        BlocSource,
        Moyen,
        PointAVerifier,
        LigneJournal,
        Changement,
    )
    return [(modele, list(modele.objects.order_by("pk"))) for modele in (*partagees, *propres)]


def _effacer(lignes: Lignes) -> None:
    for modele, _ in reversed(lignes):
        modele.objects.all()._raw_delete("default")
