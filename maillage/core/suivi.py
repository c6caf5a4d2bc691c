"""La boucle `suivi` : chaque consommateur lit les changements dans l'ordre et à son rythme.

Elle tourne dans le travailleur, à part de la file des tâches : un long PDF ne retarde jamais un chiffre.
"""

import logging
from collections.abc import Sequence
from functools import cache
from threading import Event
from typing import Protocol, runtime_checkable

from django.conf import settings
from django.db import close_old_connections, connection
from django.db.models import Model
from django.utils import timezone
from django.utils.module_loading import import_string

from maillage.core.models import Changement, PositionLecteur

journal = logging.getLogger(__name__)
TAILLE_DE_LOT = 500
ATTENTE_MAXIMALE = 2_000
"""Ce qu'une page veut bien rattraper elle-même ; au-delà, le suivi vient de démarrer, et il s'en charge."""


class Occupe(RuntimeError):
    """Un autre processus tient déjà ce consommateur ; on réessaiera."""


class Consommateur(Protocol):
    """Traite des changements. Un lot peut revenir après une panne : `traiter` doit pouvoir se répéter."""

    nom: str

    def traiter(self, changements: Sequence[Changement]) -> None:
        """Lève `Occupe` quand un autre processus tient la ressource."""


@runtime_checkable
class APreparer(Protocol):
    """Consommateur qui vérifie aussi sa ressource quand rien n'a changé (un index d'une autre version)."""

    def preparer(self) -> None: ...


@runtime_checkable
class AMontrer(Protocol):
    """Consommateur dont une page montre le travail : il le fait pour cet objet avant que la page se rende."""

    def avant_de_montrer(self, objet: Model, changements: Sequence[Changement]) -> None: ...


@cache
def consommateurs() -> tuple[Consommateur, ...]:
    return tuple(import_string(chemin)() for chemin in settings.CONSOMMATEURS)


def position(consommateur: Consommateur) -> int:
    """Numéro du dernier changement traité par ce consommateur sur ce nœud (0 au premier jour)."""
    return (
        PositionLecteur.objects.filter(consommateur=consommateur.nom, noeud=settings.MAILLAGE_NOEUD)
        .values_list("changement_id", flat=True)
        .first()
        or 0
    )


def noter_position(consommateur: Consommateur, changement_id: int) -> None:
    PositionLecteur.objects.update_or_create(
        consommateur=consommateur.nom,
        noeud=settings.MAILLAGE_NOEUD,
        defaults={"changement_id": changement_id, "lu_le": timezone.now()},
    )


def derniere_position() -> int:
    """Numéro du dernier changement noté, 0 s'il n'y en a pas."""
    return Changement.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def retard(consommateur: Consommateur) -> int:
    """Nombre de changements pas encore traités."""
    return Changement.objects.filter(pk__gt=position(consommateur)).count()


def rattraper(consommateur: Consommateur) -> int:
    """Traite tout ce qui attend, lot par lot ; rend le nombre de changements traités."""
    traites = 0
    while True:
        lot = list(Changement.objects.filter(pk__gt=position(consommateur)).order_by("pk")[:TAILLE_DE_LOT])
        if not lot:
            return traites
        consommateur.traiter(lot)
        noter_position(consommateur, lot[-1].pk)
        traites += len(lot)


def rattraper_pour(objet: Model) -> None:
    """Ce que la page d'un objet va montrer est à jour de tous les changements notés, même si le suivi a du retard."""
    for consommateur in consommateurs():
        if isinstance(consommateur, AMontrer):
            en_retard = Changement.objects.filter(pk__gt=position(consommateur)).order_by("pk")
            attente = list(en_retard[:ATTENTE_MAXIMALE])
            if attente:
                consommateur.avant_de_montrer(objet, attente)


def suivre(arret: Event, *, repos: float = 0.25) -> None:
    """Boucle jusqu'à `arret`. Une panne d'un consommateur est journalisée et n'arrête pas les autres.

    `repos` : secondes entre deux lectures quand rien n'attend ; un nombre suit sa saisie en moins de deux secondes.
    """
    attente: dict[str, float] = {}
    while not arret.is_set():
        traites = 0
        for consommateur in consommateurs():
            try:
                if isinstance(consommateur, APreparer):
                    consommateur.preparer()
                traites += rattraper(consommateur)
                attente.pop(consommateur.nom, None)
            except Occupe:
                journal.info("%s : tenu par un autre processus", consommateur.nom)
            except Exception:  # noqa: BLE001 - un lecteur en panne ne doit pas arrêter les autres
                attente[consommateur.nom] = min(attente.get(consommateur.nom, repos) * 2, 60)
                journal.exception("%s : changements non traités, nouvel essai bientôt", consommateur.nom)
                connection.close()
        close_old_connections()
        if not traites:
            arret.wait(max(attente.values(), default=repos))
