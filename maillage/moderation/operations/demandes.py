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
    demande = Demande.objects.sur(objet).ouvertes().first() or Demande(
        objet_type=type_objet(objet), objet_id=objet.pk, genre=genre, deposee_par=par
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
    for demande in Demande.objects.sur(objet).ouvertes():
        encore = Demande.objects.ouvertes().filter(pk=demande.pk)
        if not encore.update(etat=EtatDemande.SANS_OBJET, prise_par=None, prise_le=None):
            continue  # décidée à l'instant : la décision reste
        journaliser(demande, "retirer_demande", f"« {demande} » n’attend plus la modération.", par=par)
        noter_changement(demande, "retirer_demande")


def prendre_en_main(demande: Demande, *, par: Utilisateur) -> None:
    """Réserve la demande vingt minutes, et rend celle que la personne tenait : on n'en examine qu'une à la fois.

    Lève `DejaEnMain` si une autre l'a, `GesteImpossible` si rien n'attend plus. Sans journal : ce n'est qu'un signe
    de présence, repris à chaque affichage.
    """
    maintenant = timezone.now()
    en_attente = Demande.objects.en_attente()
    if not en_attente.filter(pk=demande.pk).libres_pour(par).update(prise_par=par, prise_le=maintenant):
        raise _empechement(demande)
    demande.prise_par, demande.prise_le = par, maintenant
    en_attente.filter(prise_par=par).exclude(pk=demande.pk).update(prise_par=None, prise_le=None)


def _empechement(demande: Demande) -> GesteImpossible:
    """Pourquoi le geste n'a pas pris : quelqu'un l'examine, ou l'a déjà traitée."""
    demande.refresh_from_db()
    if demande.etat == EtatDemande.EN_ATTENTE and demande.prise_par is not None:
        return DejaEnMain(demande.prise_par)
    return GesteImpossible("Cette demande a déjà été traitée. Rien n’a été changé.")


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
    if not prises:
        raise _empechement(demande)
    demande.refresh_from_db()
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
    """Remet la demande dans la file, en main de qui annule.

    Lève `GesteImpossible` si l'auteur est déjà prévenu, si c'est déjà défait, ou si autre chose a suivi.
    """
    if not decision.peut_etre_defaite:
        raise GesteImpossible(
            "Dix minutes sont passées : l’auteur est prévenu, la décision ne se défait plus."
        )
    faites = Decision.objects.filter(pk=decision.pk, annulee_le=None).update(annulee_le=timezone.now())
    demandes = Demande.objects.filter(pk=decision.demande_id, etat=ETAT_APRES[Geste(decision.geste)])
    remises = faites and demandes.update(etat=EtatDemande.EN_ATTENTE, prise_par=par, prise_le=timezone.now())
    if not remises:
        raise GesteImpossible("Cette décision a déjà été annulée, ou une autre l’a suivie.")
    decision.refresh_from_db()
    demande = decision.demande
    journaliser(
        demande,
        "annuler_decision",
        f"{par.get_full_name()} a défait sa décision : « {demande} » attend de nouveau.",
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
