"""L'import dans de vrais processus : tué n'importe quand puis relancé, ou lancé deux fois en même temps."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection

from maillage.catalogue.models import BlocSource, Experience, Terme
from maillage.core.models import Changement, LigneJournal
from maillage.territoire.models import Partenaire, Structure
from tests.catalogue.etat_importe import etat
from tests.catalogue.page_source import bloc, rendre

pytestmark = pytest.mark.django_db(transaction=True)

RACINE = Path(__file__).resolve().parents[2]
FICHES = 60
# De petits lots : la coupure tombe entre deux, ou au milieu d'un.
PROGRAMME = """
import sys, django
django.setup()
from pathlib import Path
from maillage.catalogue.importation.lecture import lire
from maillage.catalogue.operations import importation
from maillage.core.journal import SYSTEME
importation.LOT = 4
page = Path(sys.argv[1])
print("pret", flush=True)
print(importation.importer_blocs(lire(page, page.name).blocs, par=SYSTEME).en_dict(), flush=True)
"""


def adresse_de_la_base() -> str:
    """La base de ce test, pour qu'un autre processus l'ouvre."""
    reglages = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{reglages['NAME']}"
    qui, ou = (
        ":".join(quote(str(reglages[cle]), safe="") for cle in paire)
        for paire in (("USER", "PASSWORD"), ("HOST", "PORT"))
    )
    return f"postgresql://{qui}@{ou.rstrip(':')}/{reglages['NAME']}"


def lancer(page: Path, donnees: Path) -> subprocess.Popen[str]:
    environnement = {nom: valeur for nom, valeur in os.environ.items() if not nom.startswith("MAILLAGE_")}
    environnement |= {
        "DJANGO_SETTINGS_MODULE": "maillage.settings",
        "DATABASE_URL": adresse_de_la_base(),
        "MAILLAGE_DONNEES": str(donnees),
    }
    processus = subprocess.Popen(
        [sys.executable, "-c", PROGRAMME, str(page)],
        cwd=RACINE, env=environnement, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert processus.stdout is not None
    assert processus.stdout.readline() == "pret\n"
    return processus


def finir(processus: subprocess.Popen[str]) -> str:
    sortie, erreurs = processus.communicate(timeout=120)
    assert processus.returncode == 0, erreurs
    return sortie


@pytest.fixture
def page(tmp_path: Path) -> Path:
    fiches = [
        bloc(
            titre=f"Action numéro {rang // 2}",
            resume=f"Résumé {rang // 2}",
            structure_nom=f"CENTRE {rang % 7 // 2}",
            partenaires_action=[f"Partenaire {rang % 5}"],
            publics=[f"Public {rang % 3}"],
        )
        for rang in range(FICHES)
    ]
    fichier = tmp_path / "page.txt"
    fichier.write_text(rendre(fiches))
    return fichier


def tout_effacer() -> None:
    for modele in (Experience, Structure, Terme, Partenaire, LigneJournal, Changement):
        modele.objects.all().delete()


@pytest.fixture
def entier(page: Path, tmp_path: Path) -> dict[str, Any]:
    """Ce que laisse un import que rien ne coupe."""
    finir(lancer(page, tmp_path))
    attendu = etat()
    tout_effacer()
    assert BlocSource.objects.count() == 0
    return attendu


def test_un_import_tue_n_importe_quand_puis_relance_finit_dans_le_meme_etat(
    entier: dict[str, Any], page: Path, tmp_path: Path
) -> None:
    hasard = random.Random(20261120)
    coupes = 0
    for tour in range(2):
        for _ in range(2):
            processus = lancer(page, tmp_path)
            try:
                processus.wait(timeout=hasard.uniform(0.02, 0.6))
            except subprocess.TimeoutExpired:
                coupes += 1
                processus.send_signal(signal.SIGKILL)
            processus.communicate()
            assert BlocSource.objects.count() % 4 == 0, "un lot a été écrit à moitié"
        finir(lancer(page, tmp_path))
        assert etat() == entier, f"tour {tour}"
        tout_effacer()
    assert coupes, "aucune coupure : l'essai n'a rien essayé"


def test_deux_imports_simultanes_de_la_meme_page_valent_un_seul_import(
    entier: dict[str, Any], page: Path, tmp_path: Path
) -> None:
    deux = [lancer(page, tmp_path), lancer(page, tmp_path)]
    bilans = [eval(finir(processus)) for processus in deux]  # noqa: S307 - notre propre programme
    assert sum(bilan["inchangees"] for bilan in bilans) == FICHES
    assert all(bilan["lues"] == FICHES for bilan in bilans)
    assert etat() == entier
