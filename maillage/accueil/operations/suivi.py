"""Suivre une demande qui ne s'est pas réglée au comptoir. Le journal ne dit ni prénom, ni contact, ni objet."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from maillage.accueil.choices import EtatSuivi
from maillage.accueil.models import DemandeASuivre
from maillage.comptes.models import Utilisateur
from maillage.core.changements import noter_changement
from maillage.core.ecriture import GesteRefuse
from maillage.core.journal import journaliser
from maillage.core.versions import enregistrer
from maillage.territoire.models import Structure


@transaction.atomic
def suivre_demande(centre: Structure, *, par: Utilisateur, **valeurs: Any) -> DemandeASuivre:
    suivie = DemandeASuivre.objects.create(structure=centre, **valeurs)
    _dire(suivie, "suivre_demande", "a noté une demande à suivre", par=par)
    return suivie


@transaction.atomic
def modifier_demande_a_suivre(
    suivie: DemandeASuivre, valeurs: dict[str, Any], *, version_lue: int, par: Utilisateur
) -> None:
    """Lève `ConflitDeVersion` si quelqu'un l'a changée depuis."""
    enregistrer(suivie, version_lue=version_lue, **valeurs)
    _dire(suivie, "modifier_demande_a_suivre", "a changé une demande à suivre", par=par)


@transaction.atomic
def clore_demande(
    suivie: DemandeASuivre, *, etat: EtatSuivi, issue: str, version_lue: int, par: Utilisateur
) -> None:
    """Faite ou abandonnée. Lève `GesteRefuse` si elle est déjà close, `ConflitDeVersion` si elle a changé."""
    if suivie.etat != EtatSuivi.OUVERT:
        raise GesteRefuse("Cette demande est déjà close. Rouvrez-la pour la changer.")
    enregistrer(suivie, version_lue=version_lue, etat=etat, issue=issue, close_le=timezone.now())
    _dire(suivie, "clore_demande", f"a clos une demande à suivre : {etat.label.lower()}", par=par)


@transaction.atomic
def rouvrir_demande(suivie: DemandeASuivre, *, version_lue: int, par: Utilisateur) -> None:
    """Lève `GesteRefuse` si elle est déjà ouverte, `ConflitDeVersion` si elle a changé."""
    if suivie.etat == EtatSuivi.OUVERT:
        raise GesteRefuse("Cette demande est déjà à suivre.")
    enregistrer(suivie, version_lue=version_lue, etat=EtatSuivi.OUVERT, close_le=None)
    _dire(suivie, "rouvrir_demande", "a rouvert une demande à suivre", par=par)


def _dire(suivie: DemandeASuivre, acte: str, fait: str, *, par: Utilisateur) -> None:
    journaliser(suivie, acte, f"{par.get_full_name()} {fait}.", par=par)
    noter_changement(suivie, acte)
