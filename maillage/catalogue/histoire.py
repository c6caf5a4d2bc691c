"""L'histoire d'une fiche : qui a changé quoi, quand, de quoi à quoi, en phrases.

Les séances d'écriture viennent des sauvegardes, les actes (envoi, avis, publication) du journal.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from maillage.catalogue.champs import CHAMPS, Valeur
from maillage.catalogue.comparaison import comparer_champ
from maillage.catalogue.models import Contribution, Sauvegarde
from maillage.catalogue.operations.sauvegardes import ACTE_D_ECRITURE
from maillage.core.comparaison import Comparaison
from maillage.core.ecriture import PAUSE
from maillage.core.journal import type_objet
from maillage.core.models import LigneJournal

ACTES_MAX = 200


@dataclass(slots=True)
class Ecriture:
    """Un champ changé : ce qu'il disait avant, ce qu'il a dit après.

    `sauvegarde` : de quoi y revenir. `versions` : combien ce champ en a eu en tout.
    """

    champ: str
    avant: Valeur
    apres: Valeur
    sauvegarde: int
    versions: int
    est_ecartee: bool = False

    @property
    def libelle(self) -> str:
        return CHAMPS[self.champ].libelle

    @property
    def comparaison(self) -> Comparaison:
        return comparer_champ(self.champ, self.avant, self.apres)


@dataclass(slots=True)
class Fait:
    """Un acte, ou une séance d'écriture d'une personne et ses champs."""

    le: datetime
    phrase: str
    ecritures: list[Ecriture] = field(default_factory=list)


def histoire(contribution: Contribution, champ: str = "") -> list[Fait]:
    """Du plus récent au plus ancien. Avec un champ : toutes ses versions, une à une."""
    if champ:
        return sorted(_seances(contribution, champ, timedelta(0)), key=lambda fait: fait.le, reverse=True)
    faits = [*_seances(contribution, "", PAUSE), *_actes(contribution)]
    return sorted(faits, key=lambda fait: fait.le, reverse=True)


def _seances(contribution: Contribution, champ: str, pause: timedelta) -> Iterator[Fait]:
    """Les sauvegardes d'une même personne, sans longue pause, ne font qu'un fait."""
    courantes = dict(contribution.depart)
    seance: Fait | None = None
    derniere: Sauvegarde | None = None
    choisies = contribution.sauvegardes.filter(champ=champ) if champ else contribution.sauvegardes.all()
    sauvegardes = list(choisies.select_related("par").order_by("pk"))
    versions = Counter(une.champ for une in sauvegardes)
    for une in sauvegardes:
        avant = courantes.get(une.champ, CHAMPS[une.champ].vide)
        if not une.est_ecartee:
            courantes[une.champ] = une.valeur
        if seance is None or derniere is None or not _continue(derniere, une, pause):
            if seance is not None:
                yield seance
            qui = une.par.get_full_name() if une.par else "Maillage"
            seance = Fait(une.le, f"{qui} a écrit")
        seance.le = max(seance.le, une.le)
        _ajouter(seance, une, avant, versions[une.champ])
        derniere = une
    if seance is not None:
        yield seance


def _continue(derniere: Sauvegarde, une: Sauvegarde, pause: timedelta) -> bool:
    return derniere.par_id == une.par_id and une.commencee_le - derniere.le < pause


def _ajouter(seance: Fait, une: Sauvegarde, avant: Valeur, versions: int) -> None:
    deja = next(
        (e for e in seance.ecritures if (e.champ, e.est_ecartee) == (une.champ, une.est_ecartee)), None
    )
    if deja:
        deja.apres, deja.sauvegarde = une.valeur, une.pk
    else:
        seance.ecritures.append(Ecriture(une.champ, avant, une.valeur, une.pk, versions, une.est_ecartee))


def _actes(contribution: Contribution) -> list[Fait]:
    """Ce que le journal dit de cette contribution et de sa fiche, hors les séances, déjà dites."""
    objets = Q(objet_type=type_objet(contribution), objet_id=contribution.pk) | Q(
        objet_type=type_objet(contribution.experience), objet_id=contribution.experience_id
    )
    lignes: Any = (
        LigneJournal.objects.filter(objets).exclude(acte=ACTE_D_ECRITURE).order_by("-pk")[:ACTES_MAX]
    )
    return [Fait(ligne.fait_le, ligne.phrase) for ligne in lignes]
