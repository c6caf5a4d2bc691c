"""Noter après coup les passages d'un jour, d'après le papier."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from uuid import UUID, uuid5

from django.db import transaction

from maillage.accueil.models import Demande, Passage, TypeDeDemande
from maillage.accueil.operations.passages import PassageRefuse
from maillage.accueil.temps import aujourd_hui, instant
from maillage.comptes.models import Utilisateur
from maillage.core.changements import noter_changements
from maillage.core.francais import compte, date_longue
from maillage.core.journal import journaliser
from maillage.territoire.models import Site, Structure

CASE_MAXIMUM = 200


@dataclass(frozen=True, slots=True)
class Case:
    """Une case du tableau : ce type, à cette heure, tant de passages."""

    type: TypeDeDemande
    heure: time
    combien: int


def premier_jour(centre: Structure) -> date:
    """Le plus ancien jour que l'on rattrape : le début de l'année d'avant."""
    return date(aujourd_hui(centre).year - 1, 1, 1)


@transaction.atomic
def rattraper_passages(
    centre: Structure,
    jour: date,
    cases: Iterable[Case],
    *,
    cle: UUID,
    par: Utilisateur,
    site: Site | None = None,
) -> int:
    """Une ligne par passage, marquée `rattrape`. Rend combien ; rien pour un tableau déjà envoyé.

    Une période close garde les nombres déjà rendus : ce qui s'y ajoute est marqué, et ne les déplace pas.
    Lève `PassageRefuse`.
    """
    remplies = [case for case in cases if case.combien]
    if not premier_jour(centre) <= jour <= aujourd_hui(centre):
        raise PassageRefuse(
            f"Choisissez un jour entre le {date_longue(premier_jour(centre))} et aujourd’hui."
        )
    if not remplies:
        raise PassageRefuse("Le tableau est vide. Écrivez au moins un nombre.")
    if any(case.type.structure_id != centre.pk or not 0 < case.combien <= CASE_MAXIMUM for case in remplies):
        raise PassageRefuse(f"Une case va de 0 à {CASE_MAXIMUM}.")
    cle = uuid5(
        cle, jour.isoformat()
    )  # un jour de plus noté depuis la même page, « Retour » compris, en est un autre
    if Passage.objects.filter(cle__in=[_cle(cle, case, 0) for case in remplies]).exists():
        return 0
    passages = {_cle(cle, case, rang): case for case in remplies for rang in range(case.combien)}
    crees = Passage.objects.bulk_create(
        (
            Passage(
                structure=centre,
                site=site,
                le=instant(centre, jour, case.heure),
                cle=sienne,
                note_par=par,
                rattrape=True,
            )
            for sienne, case in passages.items()
        ),
        batch_size=500,
    )
    Demande.objects.bulk_create(
        (
            Demande(passage=passage, type=case.type)
            for passage, case in zip(crees, passages.values(), strict=True)
        ),
        batch_size=500,
    )
    types = {case.type.pk: case.type for case in remplies}
    journaliser(
        centre,
        "rattraper_passages",
        f"{par.get_full_name()} a noté {compte(len(crees), 'passage')} du {date_longue(jour)}, d’après le papier.",
        par=par,
        structure_id=centre.pk,
    )
    noter_changements(types.values(), "rattraper_passages")
    return len(crees)


def _cle(cle: UUID, case: Case, rang: int) -> UUID:
    """Toujours la même pour la même case du même envoi."""
    return uuid5(cle, f"{case.type.pk} {case.heure} {rang}")
