"""Écrire ce que compte un indicateur."""

from collections.abc import Mapping

from django.db import transaction

from maillage.comptes.models import Utilisateur
from maillage.core.versions import ConflitDeVersion
from maillage.evaluation.bibliotheque import Modele
from maillage.evaluation.choices import Mesure
from maillage.evaluation.definitions import Definition
from maillage.projets.models import FicheAction, Indicateur
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


@transaction.atomic
def ajouter_un_modele(fiche: FicheAction, modele: Modele, *, par: Utilisateur) -> Indicateur:
    """Un indicateur de la bibliothèque, avec son unité et sa phrase. L'équipe y met ses cibles ensuite."""
    champs = {
        "libelle": modele.libelle,
        "liste": modele.liste,
        "unite": modele.unite,
        "methode": modele.methode,
    }
    indicateur = indicateurs.ajouter_indicateur(fiche, champs, par=par)
    if modele.definition:
        definir_indicateur(indicateur, modele.definition, version_lue=indicateur.version, par=par)
    return indicateur


@transaction.atomic
def accepter_les_phrases(
    definitions: Mapping[Indicateur, Definition], versions: Mapping[int, int], *, par: Utilisateur
) -> list[Indicateur]:
    """Définit ces indicateurs d'un coup. `versions` : numéro → version lue. Rend ceux qu'une autre personne a changés
    entre-temps, et qui restent donc tels quels."""
    devances = []
    for indicateur, definition in definitions.items():
        try:
            with transaction.atomic():
                lue = versions.get(indicateur.pk, 0)
                definir_indicateur(indicateur, definition, version_lue=lue, par=par)
        except ConflitDeVersion:
            devances.append(indicateur)
    return devances
