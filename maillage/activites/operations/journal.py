"""Une ligne du journal, et ce qui a changé : les mêmes pour chaque acte sur une activité, ses séances, ses thèmes."""

from collections.abc import Iterable
from typing import Any

from maillage.activites.models import Activite, Seance
from maillage.comptes.models import Utilisateur
from maillage.core.changements import noter_changements
from maillage.core.journal import journaliser


def noter(
    activite: Activite,
    acte: str,
    fait: str,
    *,
    par: Utilisateur,
    seances: Iterable[Seance] = (),
    avant: dict[str, Any] | None = None,
) -> None:
    """`fait` : « a annulé la séance du 3 mars ». Jamais un nom d'habitant, jamais celui d'une intervenante."""
    phrase = f"{par.get_full_name()} {fait} (« {activite} »)."
    journaliser(activite, acte, phrase, par=par, avant=avant)
    noter_changements([activite, *seances], acte)


def tenir(activite: Activite) -> Activite:
    """L'activité relue, que nul autre ne change jusqu'à la fin de la transaction."""
    tenue: Activite = Activite.objects.select_for_update(of=("self",)).get(pk=activite.pk)
    return tenue
