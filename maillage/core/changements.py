"""La boîte de départ : chaque opération y note ce qu'elle a changé, dans sa transaction."""

from collections.abc import Iterable

from django.db import models, transaction

from maillage.core.base_de_donnees import ordonner_les_ecrivains
from maillage.core.journal import type_objet
from maillage.core.models import Changement


def noter_changements(objets: Iterable[models.Model], acte: str) -> None:
    """Une ligne par objet. À appeler en fin d'opération : les autres écrivains attendent jusqu'à la validation."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("Un changement se note dans la transaction de l'acte.")
    ordonner_les_ecrivains()
    Changement.objects.bulk_create(
        [Changement(objet_type=type_objet(objet), objet_id=objet.pk, acte=acte) for objet in objets],
        batch_size=1000,
    )


def noter_changement(objet: models.Model, acte: str) -> None:
    noter_changements([objet], acte)
