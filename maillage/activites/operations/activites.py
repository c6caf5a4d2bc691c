"""Ouvrir une activité, la changer, la clore, la reprendre."""

from collections.abc import Iterable
from typing import Any, Final

from django.db import transaction
from django.utils.crypto import get_random_string

from maillage.activites.choices import EtatActivite
from maillage.activites.models import Activite
from maillage.activites.operations.inscriptions import proposer_les_places
from maillage.activites.operations.journal import noter, tenir
from maillage.comptes.models import Utilisateur
from maillage.core.ecriture import GesteRefuse
from maillage.core.versions import enregistrer
from maillage.territoire.models import Structure

REPRIS: Final = (
    *("structure", "fiche", "description", "genre", "cadre", "site", "lieu", "publics", "instance"),
    *("age_min", "age_max", "prix", "est_accessible", "accueil_libre", "capacite"),
)
"""Ce qu'une activité copiée garde. L'agenda public se choisit de nouveau."""


@transaction.atomic
def ouvrir_activite(
    structure: Structure, *, animateurs: Iterable[Utilisateur] = (), par: Utilisateur, **valeurs: Any
) -> Activite:
    activite = Activite.objects.create(structure=structure, jeton_agenda=get_random_string(32), **valeurs)
    activite.animateurs.set(animateurs)
    noter(activite, "ouvrir_activite", "a ouvert l’activité", par=par)
    return activite


@transaction.atomic
def modifier_activite(
    activite: Activite,
    *,
    version_lue: int,
    animateurs: Iterable[Utilisateur],
    par: Utilisateur,
    **valeurs: Any,
) -> None:
    """Une place de plus est proposée aussitôt à qui attend. Lève `ConflitDeVersion`."""
    enregistrer(activite, version_lue=version_lue, **valeurs)
    activite.animateurs.set(animateurs)
    noter(activite, "modifier_activite", "a modifié l’activité", par=par)
    proposer_les_places(activite, par=par)


@transaction.atomic
def clore_activite(activite: Activite, *, par: Utilisateur) -> None:
    """Elle quitte les listes et l'agenda public. Ce qui y est noté compte toujours."""
    _changer_d_etat(activite, EtatActivite.CLOSE, "clore_activite", "a clos l’activité", par)


@transaction.atomic
def rouvrir_activite(activite: Activite, *, par: Utilisateur) -> None:
    _changer_d_etat(activite, EtatActivite.OUVERTE, "rouvrir_activite", "a rouvert l’activité", par)


def _changer_d_etat(activite: Activite, etat: EtatActivite, acte: str, fait: str, par: Utilisateur) -> None:
    """Dire deux fois la même chose ne change rien."""
    tenue = tenir(activite)
    if tenue.etat != etat:
        enregistrer(activite, version_lue=tenue.version, etat=etat)
        noter(activite, acte, fait, par=par)


@transaction.atomic
def dupliquer_activite(activite: Activite, *, par: Utilisateur) -> Activite:
    """Une activité pareille, ouverte, avec ses animateurs et ses thèmes à proposer ; sans séance ni inscription."""
    copie = Activite.objects.create(
        titre=f"{activite.titre[:150]} (copie)",
        jeton_agenda=get_random_string(32),
        **{nom: getattr(activite, nom) for nom in REPRIS},
    )
    copie.animateurs.set(activite.animateurs.all())
    for theme in activite.themes.all():
        copie.themes.create(titre=theme.titre, rang=theme.rang)
    noter(copie, "dupliquer_activite", f"a repris « {activite} »", par=par)
    return copie


@transaction.atomic
def changer_l_adresse_de_l_agenda(activite: Activite, *, par: Utilisateur) -> None:
    """L'ancienne adresse ne répond plus : qui l'avait n'y lit plus rien."""
    tenue = tenir(activite)
    enregistrer(activite, version_lue=tenue.version, jeton_agenda=get_random_string(32))
    noter(activite, "changer_l_adresse_de_l_agenda", "a changé l’adresse de l’agenda", par=par)


def exiger_ouverte(activite: Activite) -> None:
    """Lève `GesteRefuse`."""
    if activite.etat != EtatActivite.OUVERTE:
        raise GesteRefuse("Cette activité est close. Rouvrez-la pour y poser des séances.")
