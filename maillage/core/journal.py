"""Le journal des actes : une phrase par acte, écrite dans la transaction de l'acte."""

from collections.abc import Iterable
from typing import Any, Protocol

from django.db import models, transaction

from maillage.core.demande import numero_de_demande
from maillage.core.models import LigneJournal


class Acteur(Protocol):
    """Qui agit : un compte, ou un programme (`SYSTEME`)."""

    pk: Any

    def get_full_name(self) -> str: ...


class _Systeme:
    pk = None

    def get_full_name(self) -> str:
        return "Maillage"


SYSTEME: Acteur = _Systeme()


def type_objet(modele: type[models.Model] | models.Model) -> str:
    """Nom stable d'un modèle : « catalogue.experience »."""
    return modele._meta.label_lower


def ligne(
    objet: models.Model,
    acte: str,
    phrase: str,
    *,
    par: Acteur,
    avant: dict[str, Any] | None = None,
    apres: dict[str, Any] | None = None,
    structure_id: int | None = None,
) -> LigneJournal:
    """Prépare une ligne sans l'écrire : les imports en écrivent des milliers d'un coup."""
    return LigneJournal(
        acteur_id=par.pk,
        acteur_nom=par.get_full_name(),
        acte=acte,
        objet_type=type_objet(objet),
        objet_id=objet.pk,
        structure_id=structure_id if structure_id is not None else getattr(objet, "structure_id", None),
        phrase=phrase,
        avant=avant,
        apres=apres,
        demande_id=numero_de_demande.get(),
    )


def journaliser(objet: models.Model, acte: str, phrase: str, *, par: Acteur, **details: Any) -> LigneJournal:
    """Écrit la ligne. À appeler dans la transaction de l'acte : pas d'acte sans ligne, pas de ligne sans acte."""
    return ecrire([ligne(objet, acte, phrase, par=par, **details)])[0]


def ecrire(lignes: Iterable[LigneJournal]) -> list[LigneJournal]:
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("Le journal s'écrit dans la transaction de l'acte.")
    return LigneJournal.objects.bulk_create(list(lignes), batch_size=500)
