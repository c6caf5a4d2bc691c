"""Signaler un contenu, et répondre. Une personne compte une fois par contenu et par jour.

Une seule demande par contenu, quel que soit le nombre de signalements : une rafale ne noie pas la file. Trois personnes
différentes masquent le commentaire d'un lecteur sans compte, en attendant qu'on le lise ; jamais la fiche d'un centre,
ni le commentaire d'une personne du réseau : ils passent devant.
"""

import secrets

from django.db import transaction
from django.utils import timezone

from maillage.comptes.models import Utilisateur
from maillage.core.anti_spam import texte_net
from maillage.core.changements import noter_changement
from maillage.core.contenus import Contenu
from maillage.core.courrier import poster, reprendre
from maillage.core.journal import SYSTEME, journaliser, type_objet
from maillage.moderation.choices import (
    EtatCommentaire,
    EtatSignalement,
    GenreDemande,
    Geste,
    MotifSignalement,
)
from maillage.moderation.models import DELAI_POUR_DEFAIRE, Commentaire, Decision, Demande, Signalement
from maillage.moderation.operations.commentaires import masquer_commentaire, remettre_commentaire
from maillage.moderation.operations.demandes import (
    GesteImpossible,
    annuler_decision,
    decider,
    deposer_demande,
)

PERSONNES_POUR_MASQUER = 3
LETTRES = "23456789abcdefghjkmnpqrstuvwxyz"
"""Ni 0 ni o, ni 1, i ou l : un numéro se recopie d'un papier ou se dicte."""


@transaction.atomic
def signaler(
    contenu: Contenu,
    *,
    motif: MotifSignalement,
    texte: str,
    courriel: str = "",
    empreinte: str,
    par: Utilisateur | None,
) -> Signalement:
    """Reçoit un signalement ; son numéro est le reçu. `empreinte` : `core.anti_spam.foyer`."""
    signalement = Signalement.objects.create(
        numero=_numero_libre(),
        objet_type=type_objet(contenu.objet),
        objet_id=contenu.objet.pk,
        objet_titre=contenu.titre[:500],
        adresse=contenu.adresse[:300],
        structure=contenu.structure,
        motif=motif,
        texte=texte_net(texte),
        courriel=courriel,
        empreinte=empreinte,
    )
    journaliser(signalement, "signaler", f"Un lecteur a signalé « {contenu.titre} ».", par=par or SYSTEME)
    noter_changement(signalement, "signaler")
    ouverts = Signalement.objects.ouverts().sur(contenu.objet)
    combien = ouverts.values("empreinte").distinct().order_by().count()
    _mettre_dans_la_file(signalement, combien, par)
    if combien >= PERSONNES_POUR_MASQUER:
        commentaire = commentaire_de(signalement)
        if commentaire is not None and commentaire.auteur_id is None:
            masquer_commentaire(commentaire, par=SYSTEME)
    if courriel:
        poster(
            courriel,
            f"Votre signalement {signalement.numero} est reçu",
            "moderation/courriel_signalement_recu.txt",
            {"signalement": signalement},
        )
    return signalement


def _numero_libre() -> str:
    """« SG-7k4m-2pq9-x3 » : assez long pour ne pas se deviner, assez court pour se recopier."""
    while True:
        tirage = "".join(secrets.choice(LETTRES) for _ in range(10))
        numero = f"sg-{tirage[:4]}-{tirage[4:8]}-{tirage[8:]}"
        if not Signalement.objects.filter(numero=numero).exists():
            return numero


def _mettre_dans_la_file(signalement: Signalement, combien: int, par: Utilisateur | None) -> None:
    """Rejoint la demande déjà ouverte sur ce contenu, ou en ouvre une."""
    freres = Signalement.objects.ouverts().filter(
        objet_type=signalement.objet_type, objet_id=signalement.objet_id
    )
    demande = (
        Demande.objects.en_attente()
        .filter(objet_type=type_objet(Signalement), objet_id__in=freres.order_by().values("pk"))
        .first()
    )
    est_urgente = signalement.motif == MotifSignalement.ILLICITE or combien >= PERSONNES_POUR_MASQUER
    titre = f"Signalement : {signalement.objet_titre}"
    if demande is None:
        deposer_demande(
            signalement,
            genre=GenreDemande.SIGNALEMENT,
            titre=titre,
            structure=signalement.structure,
            par=par,
            est_urgente=est_urgente,
        )
        return
    demande.titre = (titre if combien == 1 else f"{combien} signalements : {signalement.objet_titre}")[:500]
    demande.est_urgente = demande.est_urgente or est_urgente
    demande.save(update_fields=["titre", "est_urgente"])


@transaction.atomic
def repondre_au_signalement(
    demande: Demande, reponse: str, *, est_retenu: bool, par: Utilisateur
) -> Decision:
    """Répond à tous ceux qui ont signalé ce contenu. Retenu, un commentaire est masqué ; sans suite, il est remis.

    Lève `GesteImpossible` si la réponse manque, ou si une autre personne a répondu.
    """
    if not reponse.strip():
        raise GesteImpossible("Écrivez la réponse : elle est lue par ceux qui ont signalé.")
    signalements = signalements_de(demande)
    commentaire = commentaire_de(signalements[0])
    decision = decider(
        demande,
        Geste.ACCEPTER if est_retenu else Geste.REFUSER,
        par=par,
        motif=reponse,
        avant={
            "signalements": [un.pk for un in signalements],
            "commentaire": commentaire.etat if commentaire else "",
        },
    )
    for signalement in signalements:
        signalement.etat = EtatSignalement.RETENU if est_retenu else EtatSignalement.ECARTE
        signalement.reponse = decision.motif
        signalement.traite_le = timezone.now()
        signalement.save(update_fields=["etat", "reponse", "traite_le"])
        journaliser(
            signalement,
            "repondre_au_signalement",
            f"{par.get_full_name()} a répondu au signalement de « {signalement.objet_titre} ».",
            par=par,
        )
        noter_changement(signalement, "repondre_au_signalement")
        _prevenir(signalement)
    if commentaire:
        (masquer_commentaire if est_retenu else remettre_commentaire)(commentaire, par=par)
    return decision


@transaction.atomic
def defaire_reponse_a_un_signalement(decision: Decision, *, par: Utilisateur) -> Demande:
    """Rouvre les signalements, remet le commentaire comme il était, retire les courriels qui ne sont pas partis."""
    demande = annuler_decision(decision, par=par)
    for signalement in Signalement.objects.filter(pk__in=decision.avant["signalements"]):
        signalement.etat, signalement.reponse, signalement.traite_le = EtatSignalement.OUVERT, "", None
        signalement.save(update_fields=["etat", "reponse", "traite_le"])
        reprendre(signalement)
        noter_changement(signalement, "defaire_reponse")
        commentaire = commentaire_de(signalement)
        if commentaire and decision.avant["commentaire"] == EtatCommentaire.PUBLIE:
            remettre_commentaire(commentaire, par=par)
        elif commentaire and decision.avant["commentaire"] == EtatCommentaire.MASQUE:
            masquer_commentaire(commentaire, par=par)
    return demande


def signalements_de(demande: Demande) -> "list[Signalement]":
    """Ceux auxquels cette demande répond : tous ceux du même contenu encore ouverts, puis ceux déjà traités."""
    premier = Signalement.objects.get(pk=demande.objet_id)
    freres = Signalement.objects.filter(objet_type=premier.objet_type, objet_id=premier.objet_id)
    return list(freres.ouverts()) or [premier]


def commentaire_de(signalement: Signalement) -> Commentaire | None:
    """Le commentaire signalé, quand c'en est un."""
    if signalement.objet_type != type_objet(Commentaire):
        return None
    return Commentaire.objects.filter(pk=signalement.objet_id).first()


def _prevenir(signalement: Signalement) -> None:
    if signalement.courriel:
        poster(
            signalement.courriel,
            f"Réponse à votre signalement {signalement.numero}",
            "moderation/courriel_signalement_repondu.txt",
            {"signalement": signalement},
            objet=signalement,
            dans=DELAI_POUR_DEFAIRE,
        )
