"""Les fichiers ouverts se refont chaque jour, sans que personne n'y pense."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from maillage.core import taches
from maillage.core.models import Echeance
from maillage.portail.donnees_ouvertes import publication
from maillage.portail.taches import publier_donnees

pytestmark = pytest.mark.django_db


def test_le_travailleur_met_la_publication_en_file_une_fois_par_jour(settings: Any) -> None:
    quotidiennes = len(settings.TACHES_QUOTIDIENNES)
    assert [taches.mettre_en_file_le_quotidien() for _ in range(3)] == [quotidiennes, 0, 0]
    Echeance.objects.update(fait_le=timezone.now() - timedelta(days=1, minutes=1))
    assert taches.mettre_en_file_le_quotidien() == quotidiennes
    assert DBTaskResult.objects.filter(task_path="maillage.portail.taches.publier_donnees").count() == 2


def test_la_tache_publie_et_se_repete_sans_effet(settings: Any, tmp_path: Path) -> None:
    settings.DOSSIER_FICHIERS = tmp_path
    assert publier_donnees.func() == publier_donnees.func()
    assert len(publication.versions()) == 1
