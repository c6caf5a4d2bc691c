"""Retirer une fiche du catalogue, et l'y remettre. Son adresse reste : elle dit quand et pourquoi (410)."""

from django.db import transaction
from django.utils import timezone

from maillage.catalogue.choices import EtatExperience
from maillage.catalogue.models import Experience
from maillage.comptes.models import Utilisateur
from maillage.core.changements import noter_changement
from maillage.core.journal import journaliser
from maillage.core.versions import enregistrer

MOTIF_MAX = 300


class RetraitImpossible(Exception):
    """La fiche n'est plus dans l'état attendu, ou la raison manque ; le message le dit."""


@transaction.atomic
def retirer_experience(experience: Experience, motif: str, *, par: Utilisateur) -> None:
    """Plus personne ne la lit ni ne la trouve. Ce qui s'y écrivait reste à son centre, sans pouvoir la republier.

    Lève `RetraitImpossible`, ou `ConflitDeVersion` quand la fiche a changé entre-temps.
    """
    motif = " ".join(motif.split())
    if not motif:
        raise RetraitImpossible("Dites pourquoi : qui suivra un ancien lien lira cette raison.")
    if experience.etat != EtatExperience.PUBLIEE:
        raise RetraitImpossible("Cette fiche n’est plus en ligne. Rien n’a été changé.")
    enregistrer(
        experience,
        version_lue=experience.version,
        etat=EtatExperience.RETIREE,
        retiree_le=timezone.now(),
        retiree_par=par,
        motif_retrait=motif[:MOTIF_MAX],
    )
    _noter(experience, "retirer_experience", "a retiré", par=par, apres={"motif": motif})


@transaction.atomic
def remettre_experience(experience: Experience, *, par: Utilisateur) -> None:
    """La remet en ligne, à la date de sa première publication.

    Lève `RetraitImpossible` pour un doublon : c'est sa fusion qu'il faut défaire.
    """
    if experience.etat != EtatExperience.RETIREE or experience.fusionnee_dans_id:
        raise RetraitImpossible("Cette fiche n’est plus retirée, ou elle a été réunie à une autre.")
    avant = {"motif": experience.motif_retrait}
    enregistrer(
        experience,
        version_lue=experience.version,
        etat=EtatExperience.PUBLIEE,
        retiree_le=None,
        retiree_par=None,
        motif_retrait="",
    )
    _noter(experience, "remettre_experience", "a remis en ligne", par=par, avant=avant)


def _noter(
    experience: Experience, acte: str, verbe: str, *, par: Utilisateur, **details: dict[str, str]
) -> None:
    phrase = f"{par.get_full_name()} {verbe} la fiche « {experience.titre} »."
    journaliser(experience, acte, phrase, par=par, **details)
    noter_changement(experience, acte)
