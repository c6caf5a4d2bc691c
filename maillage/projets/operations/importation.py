"""Importer d'un coup les projets d'un document, chacun dans sa structure."""

from collections.abc import Sequence
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from maillage.core.journal import Acteur
from maillage.projets.models import ProjetSocial
from maillage.projets.operations.documents_lus import Lecture, morceaux_du_projet
from maillage.projets.operations.ecriture_du_lu import ecrire_projet_lu
from maillage.projets.operations.projets import ANNEES_AU_PLUS
from maillage.territoire.choices import EtatStructure
from maillage.territoire.models import Structure
from maillage.territoire.operations import creer_structure

NOM_DE_STRUCTURE_MAX: Final = 200
Annees = tuple[int, int]


@transaction.atomic
def importer_projets(
    lecture: Lecture, *, structures: Sequence[Structure], periodes: Sequence[Annees], par: Acteur
) -> list[ProjetSocial]:
    """Tous, ou aucun. Au-delà des structures données, chacune est créée « à compléter » avec le nom du document.

    `periodes` : celle de chaque projet. Lève `PeriodeARevoir`.
    """
    ecrits = []
    for rang, lu in enumerate(lecture.projets):
        structure = (
            structures[rang]
            if rang < len(structures)
            else structure_a_completer(nom_de_la_structure(lu), par=par)
        )
        morceaux = [*(lu.get("a_ranger") or ()), *morceaux_du_projet(lecture, rang)]
        debut, fin = periodes[rang]
        entier = lu | {"a_ranger": morceaux, "periode": {"debut": debut, "fin": fin}}
        ecrits.append(ecrire_projet_lu(entier, structure=structure, par=par))
    return ecrits


def periode_dite(lu: dict[str, Any]) -> Annees | None:
    periode = lu.get("periode") or {}
    return (periode["debut"], periode["fin"]) if periode.get("debut") and periode.get("fin") else None


def periode_par_defaut(lecture: Lecture) -> Annees:
    """Celle qu'un autre projet du document dit, sinon quatre ans à partir de cette année. Une supposition : à dire."""
    dites = filter(None, map(periode_dite, lecture.projets))
    cette_annee = timezone.localdate().year
    return next(dites, (cette_annee, cette_annee + ANNEES_AU_PLUS - 1))


def nom_de_la_structure(lu: dict[str, object]) -> str:
    return str(lu.get("structure") or lu.get("nom") or "Centre social sans nom").strip()[
        :NOM_DE_STRUCTURE_MAX
    ]


def structure_a_completer(nom: str, *, par: Acteur) -> Structure:
    """Celle qu'un import a déjà créée sous ce nom, sinon une nouvelle."""
    connue = Structure.objects.filter(nom=nom, etat=EtatStructure.A_COMPLETER, departement=None).first()
    return connue or creer_structure(nom=nom, departement=None, etat=EtatStructure.A_COMPLETER, par=par)
