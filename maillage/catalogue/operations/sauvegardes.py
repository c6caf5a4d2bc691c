"""Enregistrer un brouillon, champ par champ, à plusieurs (`core.ecriture`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from maillage.catalogue.brouillon import valeurs
from maillage.catalogue.champs import CHAMPS, GenreChamp, Valeur, lire_champ
from maillage.catalogue.models import Contribution, Sauvegarde
from maillage.comptes.models import Utilisateur
from maillage.core import ecriture
from maillage.core.ecriture import PAUSE, Conflit, GesteRefuse, Tri
from maillage.core.journal import journaliser
from maillage.core.versions import enregistrer

ACTE_D_ECRITURE = "rediger_contribution"


class BrouillonFerme(GesteRefuse):
    """La fiche est partie à la modération, ou n'est plus à écrire. Ce qui vient d'être écrit est gardé de côté."""


@dataclass(frozen=True, slots=True)
class Bilan:
    """Ce qu'un enregistrement a fait. `contribution` est relue."""

    contribution: Contribution
    le: datetime
    ecrits: list[str] = field(default_factory=list)
    conflits: dict[str, Conflit] = field(default_factory=dict)


def verrouiller(contribution: Contribution) -> Contribution:
    """La contribution relue, que nul autre n'écrit jusqu'à la fin de la transaction."""
    verrouillee: Contribution = (
        Contribution.objects.select_for_update(of=("self",))
        .select_related("experience__structure__departement")
        .get(pk=contribution.pk)
    )
    return verrouillee


def sauver_champs(
    contribution: Contribution, ecrites: Mapping[str, Valeur], lues: Mapping[str, str], *, par: Utilisateur
) -> Bilan:
    """Écrit les champs que cette personne a changés depuis qu'elle les a lus. Rejouer le même envoi ne fait rien.

    `lues` : champ → empreinte de la valeur montrée. Lève `BrouillonFerme`.
    """
    with transaction.atomic():
        contribution = verrouiller(contribution)
        bilan = Bilan(contribution, timezone.now())
        actuelles = valeurs(contribution, ecrites)
        tri = ecriture.trier(contribution.sauvegardes, actuelles, ecrites, lues, par=par)
        bilan.conflits.update(tri.conflits)
        a_part = tri.a_part
        if contribution.est_ouverte:
            _ecrire(contribution, tri, par=par, le=bilan.le)
            bilan.ecrits.extend(tri.changees)
        else:
            a_part |= tri.changees
        ecriture.garder_a_part(contribution.sauvegardes, a_part, par=par, le=bilan.le)
    if not contribution.est_ouverte:
        raise BrouillonFerme(
            "Cette fiche n’est plus en écriture : elle a été envoyée, ou rangée. Votre texte est gardé."
        )
    return bilan


@transaction.atomic
def revenir_a(sauvegarde: Sauvegarde, *, par: Utilisateur) -> Contribution:
    """Remet un texte d'avant, que quelqu'un avait laissé dans ce champ. Lève `GesteRefuse`."""
    contribution = verrouiller(sauvegarde.contribution)
    if not contribution.est_ouverte:
        raise GesteRefuse("Cette fiche n’est plus en écriture. Reprenez-la d’abord.")
    avant = valeurs(contribution, [sauvegarde.champ])[sauvegarde.champ]
    if avant == sauvegarde.valeur:
        return contribution
    _ecrire(contribution, Tri({sauvegarde.champ: sauvegarde.valeur}), par=par, le=timezone.now())
    libelle = CHAMPS[sauvegarde.champ].libelle
    journaliser(
        contribution,
        "revenir_a_une_sauvegarde",
        f"{par.get_full_name()} a repris un texte d’avant pour « {libelle} ».",
        par=par,
        avant={sauvegarde.champ: avant},
        apres={sauvegarde.champ: sauvegarde.valeur},
        structure_id=contribution.experience.structure_id,
    )
    return contribution


def reunir(nom: str, le_sien: Valeur, le_mien: Valeur) -> Valeur:
    """Les deux bout à bout, le sien d'abord ; pour une liste, l'un puis ce que l'autre y ajoute."""
    genre = CHAMPS[nom].genre
    if genre == GenreChamp.TERMES:
        return list(dict.fromkeys([*le_sien, *le_mien]))
    if genre == GenreChamp.PARTENAIRES:
        deja = {ligne["nom"].casefold() for ligne in le_sien}
        return [*le_sien, *(ligne for ligne in le_mien if ligne["nom"].casefold() not in deja)]
    return (" / " if genre == GenreChamp.COURT else "\n\n").join(filter(None, [le_sien, le_mien]))


def peut_se_reunir(nom: str) -> bool:
    """Un mois ou un choix n'ont qu'une valeur : on garde l'une ou l'autre."""
    return CHAMPS[nom].genre not in {GenreChamp.MOIS, GenreChamp.CHOIX}


def _ecrire(contribution: Contribution, tri: Tri, *, par: Utilisateur, le: datetime) -> None:
    if not tri.changees:
        return
    if ecriture.commence_une_seance(contribution.sauvegardes, par=par, le=le):
        journaliser_les_seances(contribution, finies_avant=le - PAUSE)
    experience = contribution.experience
    depart = {nom: lire_champ(experience, nom) for nom in tri.changees if nom not in contribution.depart}
    enregistrer(
        contribution,
        version_lue=contribution.version,
        contenu=contribution.contenu | tri.changees,
        depart=contribution.depart | depart,
    )
    contribution.experience = experience  # relire la contribution l'oublie, et elle vient d'être lue
    ecriture.garder(contribution.sauvegardes, tri.changees, tri.dernieres, par=par, le=le)


def journaliser_les_seances(contribution: Contribution, *, finies_avant: datetime | None = None) -> None:
    """Qui a écrit quoi depuis sa dernière ligne (`core.ecriture`). À appeler dans la transaction de l'acte."""
    ecriture.journaliser_les_seances(
        contribution,
        contribution.sauvegardes,
        acte=ACTE_D_ECRITURE,
        libelles={nom: champ.libelle for nom, champ in CHAMPS.items()},
        depart=contribution.depart,
        structure_id=contribution.experience.structure_id,
        finies_avant=finies_avant,
    )
