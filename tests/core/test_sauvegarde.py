"""Sauvegarder et restaurer : une sauvegarde n'existe que si l'on sait la remettre en place."""

import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from maillage.core.commandes import Refus
from maillage.core.sauvegarde import compter_les_lignes
from maillage.territoire.models import Structure
from tests.fabriques import StructureFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Une sauvegarde d'une installation qui a une structure et un fichier."""
    StructureFactory(nom="Centre social sauvegardé")
    settings.DOSSIER_FICHIERS.mkdir(exist_ok=True)
    (settings.DOSSIER_FICHIERS / "note.txt").write_text("à garder", encoding="utf-8")
    sortie = tmp_path / "essai.tar.gz"
    call_command("sauvegarder", sortie=sortie)
    return sortie


def _restaurer(archive: Path, *, ecrire: bool = True) -> dict[str, Any]:
    sortie = io.StringIO()
    call_command("restaurer", archive, ecrire=ecrire, json=True, stdout=sortie, stderr=io.StringIO())
    return json.loads(sortie.getvalue())


def test_une_archive_tronquee_est_refusee_et_rien_ne_change(archive: Path) -> None:
    archive.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])
    avant = compter_les_lignes()
    with pytest.raises(Refus, match="tronquée"):
        _restaurer(archive)
    assert compter_les_lignes() == avant


def test_une_archive_dont_un_fichier_a_change_est_refusee(archive: Path, tmp_path: Path) -> None:
    with tarfile.open(archive) as tar:
        tar.extractall(tmp_path / "ouverte", filter="data")
    (tmp_path / "ouverte" / "fichiers" / "note.txt").write_text("autre chose", encoding="utf-8")
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(tmp_path / "ouverte", arcname=".")
    with pytest.raises(Refus, match="modifié"):
        _restaurer(archive)


def test_une_sauvegarde_n_en_ecrase_pas_une_autre(archive: Path) -> None:
    with pytest.raises(Refus, match="existe déjà"):
        call_command("sauvegarder", sortie=archive)


def test_sans_ecrire_l_archive_est_verifiee_et_rien_n_est_restaure(archive: Path) -> None:
    Structure.objects.update(nom="Renommée depuis")
    assert _restaurer(archive, ecrire=False)["restauree"] is False
    assert Structure.objects.get().nom == "Renommée depuis"


def test_restaurer_rend_la_base_et_les_fichiers_tels_qu_ils_etaient(archive: Path) -> None:
    avant = compter_les_lignes()
    StructureFactory(nom="Née après la sauvegarde")
    (settings.DOSSIER_FICHIERS / "note.txt").write_text("perdu", encoding="utf-8")
    resultat = _restaurer(archive)
    assert resultat["lignes"] == avant == compter_les_lignes()
    assert Structure.objects.get().nom == "Centre social sauvegardé"
    assert (settings.DOSSIER_FICHIERS / "note.txt").read_text(encoding="utf-8") == "à garder"


def test_l_archive_ne_porte_ni_la_cle_secrete_ni_l_index(archive: Path) -> None:
    with tarfile.open(archive) as tar:
        noms = tar.getnames()
    assert {"./base", "./fichiers/note.txt", "./manifeste.json"} <= set(noms)
    assert not [nom for nom in noms if "secret" in nom or "index" in nom]


def test_les_lignes_comptees_couvrent_tous_les_modeles() -> None:
    StructureFactory()
    comptees = compter_les_lignes()
    assert comptees["territoire.structure"] == 1
    assert comptees["contenttypes.contenttype"] > 0, connection.vendor
