"""La file des tâches : reprendre ce qu'un travailleur mort a laissé, et effacer les vieux résultats."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from maillage.core.models import Echeance

journal = logging.getLogger(__name__)
GARDE_DES_RESULTATS = timedelta(days=30)


def reprendre_les_taches_abandonnees() -> int:
    """Remet en file les tâches restées « en cours » ; rend leur nombre.

    Un travailleur tué laisse sa tâche RUNNING pour toujours. Appelé au démarrage, quand il n'y a encore aucun
    travailleur. Les tâches doivent donc pouvoir se répéter.
    """
    reprises = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING).update(
        status=TaskResultStatus.READY, started_at=None, worker_ids=[]
    )
    if reprises:
        journal.warning("%d tâche(s) interrompue(s) remise(s) en file", reprises)
    return reprises


def effacer_les_vieux_resultats() -> None:
    DBTaskResult.objects.filter(finished_at__lt=timezone.now() - GARDE_DES_RESULTATS).delete()


def mettre_en_file_le_quotidien() -> int:
    """Met en file ce qui est dû aujourd'hui (`TACHES_QUOTIDIENNES`) ; rend le nombre de tâches ajoutées."""
    dues = [chemin for chemin in settings.TACHES_QUOTIDIENNES if est_du(chemin, tous_les=timedelta(days=1))]
    for chemin in dues:
        import_string(chemin).enqueue()
    return len(dues)


def est_du(nom: str, *, tous_les: timedelta) -> bool:
    """Vrai au plus une fois par période, pour un seul appelant : la ligne `Echeance` est prise ou ne l'est pas."""
    maintenant = timezone.now()
    if Echeance.objects.filter(nom=nom, fait_le__gt=maintenant - tous_les).exists():
        return False  # sans transaction : on le demande chaque seconde
    with transaction.atomic():
        _, est_nouvelle = Echeance.objects.get_or_create(nom=nom, defaults={"fait_le": maintenant})
        if est_nouvelle:
            return True
        prises = Echeance.objects.filter(nom=nom, fait_le__lte=maintenant - tous_les).update(
            fait_le=maintenant
        )
    return bool(prises)
