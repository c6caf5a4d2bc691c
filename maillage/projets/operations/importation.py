"""Importer d'un coup les projets d'un document, chacun dans sa structure."""

from collections.abc import Sequence

from django.db import transaction

from maillage.core.journal import Acteur
from maillage.projets.models import ProjetSocial
from maillage.projets.operations.documents_lus import Lecture, morceaux_du_projet
from maillage.projets.operations.ecriture_du_lu import ecrire_projet_lu
from maillage.territoire.choices import EtatStructure
from maillage.territoire.models import Structure
from maillage.territoire.operations import creer_structure

NOM_DE_STRUCTURE_MAX = 200


@transaction.atomic
def importer_projets(lecture: Lecture, *, structures: Sequence[Structure], par: Acteur) -> list[ProjetSocial]:
    """Tous, ou aucun. Au-delà des structures données, chacune est créée « à compléter » avec le nom du document."""
    ecrits = []
    for rang, lu in enumerate(lecture.projets):
        structure = (
            structures[rang]
            if rang < len(structures)
            else structure_a_completer(nom_de_la_structure(lu), par=par)
        )
        morceaux = [*(lu.get("a_ranger") or ()), *morceaux_du_projet(lecture, rang)]
        ecrits.append(ecrire_projet_lu(lu | {"a_ranger": morceaux}, structure=structure, par=par))
    return ecrits


def nom_de_la_structure(lu: dict[str, object]) -> str:
    return str(lu.get("structure") or lu.get("nom") or "Centre social sans nom").strip()[
        :NOM_DE_STRUCTURE_MAX
    ]


def structure_a_completer(nom: str, *, par: Acteur) -> Structure:
    """Celle qu'un import a déjà créée sous ce nom, sinon une nouvelle."""
    connue = Structure.objects.filter(nom=nom, etat=EtatStructure.A_COMPLETER, departement=None).first()
    return connue or creer_structure(nom=nom, departement=None, etat=EtatStructure.A_COMPLETER, par=par)
