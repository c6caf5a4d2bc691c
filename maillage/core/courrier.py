"""La boîte d'envoi : un courriel s'écrit dans la transaction de l'acte, et part ensuite, une seule fois.

Un serveur de courrier lent ou muet ne retarde donc aucune page : le travailleur réessaie, de plus en plus tard.
"""

import logging
from datetime import timedelta
from threading import Event
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import DatabaseError, close_old_connections, connection, models
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone

from maillage.core.journal import type_objet
from maillage.core.models import Courrier

journal = logging.getLogger(__name__)
ATTENTES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720))
"""Après chaque échec ; au-delà, le courriel est abandonné et l'exploitant le voit."""
GARDE = timedelta(days=30)


def poster(
    destinataire: str,
    sujet: str,
    gabarit: str,
    contexte: dict[str, Any],
    *,
    objet: models.Model | None = None,
    entetes: dict[str, str] | None = None,
    dans: timedelta = timedelta(0),
) -> Courrier:
    """Écrit un courriel, une personne à la fois. `gabarit` est un texte simple.

    `objet` et `dans` : un courriel qui attend peut être repris (`reprendre`) avec l'acte qu'on défait.
    """
    return Courrier.objects.create(
        destinataire=destinataire,
        sujet=" ".join(sujet.split())[:200],
        texte=render_to_string(gabarit, {"adresse_du_site": settings.MAILLAGE_URL} | contexte),
        entetes=entetes or {},
        objet_type=type_objet(objet) if objet else "",
        objet_id=objet.pk if objet else None,
        a_envoyer_le=timezone.now() + dans,
    )


def reprendre(objet: models.Model) -> int:
    """Retire ce qui n'est pas encore parti au sujet de cet objet ; rend leur nombre."""
    return Courrier.objects.filter(objet_type=type_objet(objet), objet_id=objet.pk, envoye_le=None).delete()[
        0
    ]


def oublier_les_anciens() -> int:
    """Efface ce qui est parti, ou abandonné, depuis trente jours : l'adresse et le sujet n'ont plus d'usage."""
    limite = timezone.now() - GARDE
    finis = Courrier.objects.filter(Q(envoye_le__lt=limite) | Q(abandonne_le__lt=limite))
    return finis.delete()[0]


def envoyer_ce_qui_attend(*, lot: int = 50) -> int:
    """Envoie les courriels dus, un par un ; rend le nombre de ceux qui sont partis.

    Chacun est d'abord réservé : un travailleur tué pendant l'envoi peut en laisser un non parti, jamais deux fois.
    """
    maintenant = timezone.now()
    dus = Courrier.objects.filter(envoye_le=None, abandonne_le=None, a_envoyer_le__lte=maintenant)
    partis = 0
    for courrier in dus.order_by("a_envoyer_le", "pk")[:lot]:
        partis += _envoyer(courrier)
    return partis


def distribuer(arret: Event) -> None:
    """Envoie sans fin, jusqu'à l'arrêt. Une base absente un moment n'arrête pas le facteur."""
    while not arret.wait(1.0):
        try:
            envoyer_ce_qui_attend()
        except DatabaseError:
            journal.warning("Courrier : la base ne répond pas, on réessaie", exc_info=True)
        finally:
            close_old_connections()
    connection.close()


def _envoyer(courrier: Courrier) -> bool:
    essais = courrier.essais + 1
    attente = ATTENTES[min(essais, len(ATTENTES)) - 1]
    reserve = Courrier.objects.filter(pk=courrier.pk, essais=courrier.essais, envoye_le=None).update(
        essais=essais, a_envoyer_le=timezone.now() + attente
    )
    if not reserve:
        return False
    message = EmailMessage(
        courrier.sujet, courrier.texte, None, [courrier.destinataire], headers=courrier.entetes
    )
    try:
        message.send()
    except Exception as panne:  # noqa: BLE001 - un serveur muet, saturé ou mal réglé : on réessaiera
        journal.warning("Courriel %d non parti (essai %d) : %s", courrier.pk, essais, type(panne).__name__)
        if essais >= len(ATTENTES):
            journal.error("Courriel %d abandonné après %d essais", courrier.pk, essais)
            Courrier.objects.filter(pk=courrier.pk).update(abandonne_le=timezone.now(), texte="")
        return False
    Courrier.objects.filter(pk=courrier.pk).update(envoye_le=timezone.now(), texte="")
    return True
