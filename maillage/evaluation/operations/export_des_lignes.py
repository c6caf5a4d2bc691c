"""Sortir les lignes derrière un nombre : le journal garde qui, quand, de quelle année, et pourquoi quand on y nomme."""

from django.db import transaction

from maillage.comptes.models import Utilisateur
from maillage.core.ecriture import GesteRefuse
from maillage.core.journal import journaliser
from maillage.evaluation.calcul import Periode
from maillage.projets.models import Indicateur

RAISON_MINIMALE = 10


@transaction.atomic
def noter_l_export_des_lignes(indicateur: Indicateur, quand: Periode, *, par: Utilisateur) -> None:
    """Sans aucun nom."""
    _noter(indicateur, "exporter_les_lignes", f"les lignes de {quand} de « {indicateur} »", par=par)


@transaction.atomic
def noter_l_export_des_noms(indicateur: Indicateur, quand: Periode, raison: str, *, par: Utilisateur) -> None:
    """Avec les noms. Lève `GesteRefuse` sans raison."""
    if len(raison) < RAISON_MINIMALE:
        raise GesteRefuse(
            "Dites en quelques mots à quoi ce fichier va servir, par exemple « vérifier le bilan 2026 »."
        )
    quoi = f"les lignes de {quand} de « {indicateur} », avec les noms : {raison}"
    _noter(indicateur, "exporter_les_noms", quoi, par=par)


def _noter(indicateur: Indicateur, acte: str, quoi: str, *, par: Utilisateur) -> None:
    journaliser(
        indicateur,
        acte,
        f"{par.get_full_name()} a téléchargé {quoi}",
        par=par,
        structure_id=indicateur.fiche.projet.structure_id,
    )
