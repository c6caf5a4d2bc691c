"""Écrire ce que compte un indicateur."""

from maillage.comptes.models import Utilisateur
from maillage.evaluation.choices import Mesure
from maillage.evaluation.definitions import Definition
from maillage.projets.models import Indicateur
from maillage.projets.operations import indicateurs


def definir_indicateur(
    indicateur: Indicateur, definition: Definition | None, *, version_lue: int, par: Utilisateur
) -> None:
    """Maillage comptera ce que dit la définition ; sans elle, ou pour un nombre à taper, l'équipe saisit.

    Lève `ConflitDeVersion`.
    """
    calculee = definition is not None and definition.mesures != (Mesure.MANUEL,)
    indicateurs.definir_indicateur(
        indicateur,
        definition.en_json() if definition and calculee else {},
        calendrier=definition.calendrier if definition else "",
        version_lue=version_lue,
        par=par,
    )
