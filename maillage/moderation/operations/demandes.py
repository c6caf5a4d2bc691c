"""La vie d'une demande : déposée, prise en main, décidée, et la décision défaite si l'on s'est trompé.

Ces actes ne touchent pas ce qui est modéré : la pièce qui le possède les appelle dans sa propre transaction.
"""

from typing import Any

from django.db import models, transaction
from django.utils import timezone

from maillage.comptes.models import Utilisateur
from maillage.core.changements import noter_changement
from maillage.core.journal import SYSTEME, Acteur, journaliser, type_objet
from maillage.moderation.choices import EtatDemande, GenreDemande, Geste
from maillage.moderation.models import Decision, Demande, Note
from maillage.territoire.models import Institution, Structure

ETAT_APRES = {
    Geste.ACCEPTER: EtatDemande.ACCEPTEE,
    Geste.DEMANDER: EtatDemande.PRECISION,
    Geste.REFUSER: EtatDemande.REFUSEE,
}
_PHRASES = {
    Geste.ACCEPTER: "a accepté",
    Geste.DEMANDER: "a demandé une précision sur",
    Geste.REFUSER: "a refusé",
}


class GesteImpossible(Exception):
    """La demande n'attend plus ce geste ; le message dit ce qui s'est passé."""


class DejaEnMain(GesteImpossible):
    """Une autre personne l'examine en ce moment."""

    def __init__(self, qui: Utilisateur) -> None:
        super().__init__(
            f"{qui.get_full_name()} examine cette demande en ce moment. Choisissez-en une autre."
        )
        self.qui = qui


@transaction.atomic
def deposer_demande(
    objet: models.Model,
    *,
    genre: GenreDemande,
    titre: str,
    structure: Structure | None,
    par: Utilisateur | None,
    est_urgente: bool = False,
) -> Demande:
    """Met l'objet dans la file ; s'il attendait une précision, il y revient. `par=None` : un lecteur sans compte."""
    cible = {"objet_type": type_objet(objet), "objet_id": objet.pk}
    demande = Demande.objects.ouvertes().filter(**cible).first() or Demande(
        **cible, genre=genre, deposee_par=par
    )
    demande.titre = titre[:500]
    demande.structure = structure
    demande.etat = EtatDemande.EN_ATTENTE
    demande.est_urgente = demande.est_urgente or est_urgente
    demande.deposee_le = timezone.now()
    demande.prise_par = demande.prise_le = demande.rappelee_le = None
    demande.save()
    qui: Acteur = par or SYSTEME
    journaliser(demande, "deposer_demande", f"« {titre} » attend la modération.", par=qui)
    noter_changement(demande, "deposer_demande")
    return demande


@transaction.atomic
def retirer_demande(objet: models.Model, *, par: Acteur) -> None:
    """L'auteur reprend ce qu'il avait envoyé : rien à décider. Sans effet si rien n'attendait."""
    for demande in Demande.objects.ouvertes().filter(objet_type=type_objet(objet), objet_id=objet.pk):
        demande.etat = EtatDemande.SANS_OBJET
        demande.save(update_fields=["etat"])
        journaliser(demande, "retirer_demande", f"« {demande} » n’attend plus la modération.", par=par)
        noter_changement(demande, "retirer_demande")


def prendre_en_main(demande: Demande, *, par: Utilisateur) -> None:
    """Réserve la demande vingt minutes. Lève `DejaEnMain` si une autre personne l'a. Sans journal : ce n'est
    qu'un signe de présence, repris à chaque affichage."""
    maintenant = timezone.now()
    prises = Demande.objects.filter(pk=demande.pk).libres_pour(par).update(prise_par=par, prise_le=maintenant)
    if not prises:
        demande.refresh_from_db()
        if demande.prise_par is not None:
            raise DejaEnMain(demande.prise_par)
    demande.prise_par, demande.prise_le = par, maintenant


def rendre(demande: Demande, *, par: Utilisateur) -> None:
    """La rend aux autres sans rien décider."""
    Demande.objects.filter(pk=demande.pk, prise_par=par).update(prise_par=None, prise_le=None)


@transaction.atomic
def decider(
    demande: Demande, geste: Geste, *, par: Utilisateur, motif: str = "", avant: dict[str, Any] | None = None
) -> Decision:
    """Note la décision. Lève `GesteImpossible` si quelqu'un a décidé avant, ou si la raison manque.

    `avant` : ce que la pièce appelante saura remettre (`annuler_decision`).
    """
    motif = motif.strip()
    if geste != Geste.ACCEPTER and not motif:
        raise GesteImpossible("Dites la raison : elle est envoyée à la personne qui a écrit.")
    prises = (
        Demande.objects.en_attente()
        .filter(pk=demande.pk)
        .libres_pour(par)
        .update(etat=ETAT_APRES[geste], prise_par=None, prise_le=None)
    )
    demande.refresh_from_db()
    if not prises:
        if demande.etat == EtatDemande.EN_ATTENTE and demande.prise_par is not None:
            raise DejaEnMain(demande.prise_par)
        raise GesteImpossible("Cette demande a déjà été traitée. Rien n’a été changé.")
    decision = Decision.objects.create(demande=demande, geste=geste, motif=motif, avant=avant or {}, par=par)
    journaliser(
        demande,
        f"moderation_{geste}",
        f"{par.get_full_name()} {_PHRASES[geste]} « {demande} ».",
        par=par,
        apres={"motif": motif} if motif else None,
    )
    noter_changement(demande, f"moderation_{geste}")
    return decision


@transaction.atomic
def annuler_decision(decision: Decision, *, par: Utilisateur) -> Demande:
    """Remet la demande dans la file, en main de qui annule. Lève `GesteImpossible` si c'est déjà fait."""
    faites = Decision.objects.filter(pk=decision.pk, annulee_le=None).update(annulee_le=timezone.now())
    demande = decision.demande
    demande.refresh_from_db()
    if not faites or demande.etat != ETAT_APRES[Geste(decision.geste)]:
        raise GesteImpossible("Cette décision a déjà été annulée, ou une autre l’a suivie.")
    demande.etat = EtatDemande.EN_ATTENTE
    demande.prise_par, demande.prise_le = par, timezone.now()
    demande.save(update_fields=["etat", "prise_par", "prise_le"])
    journaliser(
        demande,
        "annuler_decision",
        f"{par.get_full_name()} est revenu sur sa décision : « {demande} ».",
        par=par,
    )
    noter_changement(demande, "annuler_decision")
    return demande


@transaction.atomic
def noter(demande: Demande, texte: str, *, institution: Institution, par: Utilisateur) -> Note:
    """Ajoute une note que seule son institution lit."""
    note = Note.objects.create(demande=demande, institution=institution, texte=texte.strip(), par=par)
    journaliser(demande, "noter", f"{par.get_full_name()} a écrit une note de travail.", par=par)
    return note
