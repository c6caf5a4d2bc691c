"""Ce que le réseau et la direction écrivent d'une structure, une fois le droit vérifié."""

from datetime import date
from typing import Any

from django.db import transaction

from maillage.comptes.models import Utilisateur
from maillage.comptes.operations.clotures import exiger_la_tenue
from maillage.comptes.permissions import peut_completer
from maillage.territoire.choices import EtatStructure, FormeGestionnaire, GenreStructure
from maillage.territoire.models import Gestion, Gestionnaire, Structure
from maillage.territoire.operations import StructureRefusee, changer_gestionnaire, modifier_structure


@transaction.atomic
def completer_structure(
    structure: Structure, *, version_lue: int, par: Utilisateur, **valeurs: Any
) -> Structure:
    """Écrit la fiche. Une structure à compléter devient active dès que sa sorte et sa commune sont dites.

    Lève `StructureRefusee`, `ConflitDeVersion` ou `ValidationError`.
    """
    if not peut_completer(par, structure):
        raise StructureRefusee("Seules sa direction et le réseau écrivent cette fiche.")
    est_complete = valeurs.get("genre") != GenreStructure.A_PRECISER and valeurs.get("commune") is not None
    if structure.etat == EtatStructure.A_COMPLETER and est_complete:
        valeurs["etat"] = EtatStructure.ACTIVE
    return modifier_structure(structure, version_lue=version_lue, par=par, **valeurs)


@transaction.atomic
def passer_a_un_gestionnaire(
    structure: Structure,
    gestionnaire: Gestionnaire | None,
    *,
    nouveau: str,
    forme: str,
    du: date,
    version_lue: int,
    par: Utilisateur,
) -> Gestion:
    """Un gestionnaire connu, ou un nouveau que l'on nomme. Lève `StructureRefusee`, `ConflitDeVersion`."""
    exiger_la_tenue(par, structure)
    if gestionnaire is None:
        gestionnaire = Gestionnaire.objects.create(
            nom=nouveau.strip(), forme=forme or FormeGestionnaire.AUTRE
        )
    return changer_gestionnaire(structure, gestionnaire, du=du, version_lue=version_lue, par=par)
