"""La vie d'un commentaire : reçu, lu, publié ou non, répondu. Rien n'en est public avant qu'une personne l'ait lu."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from maillage.comptes.models import Utilisateur
from maillage.comptes.permissions import directrices_de
from maillage.core.anti_spam import drapeaux, texte_net
from maillage.core.changements import noter_changement
from maillage.core.contenus import Contenu
from maillage.core.courrier import poster, reprendre
from maillage.core.journal import SYSTEME, Acteur, journaliser, type_objet
from maillage.moderation.choices import EtatCommentaire, GenreCommentaire, GenreDemande, Geste
from maillage.moderation.models import DELAI_POUR_DEFAIRE, Commentaire, Decision, Demande
from maillage.moderation.operations.demandes import (
    GesteImpossible,
    annuler_decision,
    decider,
    deposer_demande,
    retirer_demande,
)

SOUVENIR = timedelta(days=30)
"""Pendant ce temps, le même texte ne se reçoit qu'une fois sur une page ; sur deux pages, il est louche."""
AFFLUENCE = 40
"""Commentaires de lecteurs sans compte mis dans la file en une heure. Au-delà, les suivants attendent à côté : la file
reste lisible sous une rafale, et rien n'est perdu."""
AFFLUENCE_D_UNE_PAGE = 8
ASSEZ_DE_DRAPEAUX = 2

DEJA_PUBLIE = "Ce commentaire a déjà été traité. Rien n’a été changé."


@transaction.atomic
def deposer_commentaire(
    contenu: Contenu,
    *,
    genre: GenreCommentaire,
    texte: str,
    signature: str,
    courriel: str = "",
    lieu: str = "",
    resultat: str = "",
    par: Utilisateur | None,
) -> Commentaire:
    """Retient le texte jusqu'à ce qu'on l'ait lu. Lève `ValidationError` si le même est déjà arrivé sur cette page.

    Ce qui ressemble à un envoi automatique n'entre pas dans la file : il attend « à côté » (`mis_de_cote`).
    """
    texte = texte_net(texte)
    memes = Commentaire.objects.filter(texte__iexact=texte, depose_le__gt=timezone.now() - SOUVENIR)
    if memes.sur(contenu.objet).exists():
        raise ValidationError(
            "Ce texte est déjà arrivé : une modératrice va le lire. Inutile de le renvoyer."
        )
    est_louche = par is None and (
        memes.exists()
        or len(drapeaux(texte, signature, lieu)) >= ASSEZ_DE_DRAPEAUX
        or _il_y_a_affluence(contenu)
    )
    commentaire = Commentaire.objects.create(
        objet_type=type_objet(contenu.objet),
        objet_id=contenu.objet.pk,
        objet_titre=contenu.titre[:500],
        adresse=contenu.adresse,
        structure=contenu.structure,
        genre=genre,
        texte=texte,
        signature=" ".join(signature.split()),
        courriel=courriel,
        lieu=" ".join(lieu.split()),
        resultat=resultat,
        auteur=par,
    )
    _noter(commentaire, "deposer_commentaire", "Un lecteur a écrit", par or SYSTEME)
    if not est_louche:
        _mettre_dans_la_file(commentaire)
    return commentaire


def _il_y_a_affluence(contenu: Contenu) -> bool:
    en_file = Demande.objects.en_attente().filter(genre=GenreDemande.COMMENTAIRE, deposee_par=None)
    if en_file.filter(deposee_le__gt=timezone.now() - timedelta(hours=1)).count() >= AFFLUENCE:
        return True
    return (
        Commentaire.objects.sur(contenu.objet).retenus().filter(auteur=None).count() >= AFFLUENCE_D_UNE_PAGE
    )


def _mettre_dans_la_file(commentaire: Commentaire) -> Demande:
    return deposer_demande(
        commentaire,
        genre=GenreDemande.COMMENTAIRE,
        titre=f"{commentaire.get_genre_display()} : {commentaire.objet_titre}",
        structure=commentaire.structure,
        par=commentaire.auteur,
    )


# --- Lire, publier, refuser -----------------------------------------------------------------------


@transaction.atomic
def publier_commentaire(demande: Demande, commentaire: Commentaire, *, par: Utilisateur) -> Decision:
    """Chacun le lit. Le lecteur et la direction du centre sont prévenus, une fois passé le temps de défaire."""
    decision = decider(demande, Geste.ACCEPTER, par=par, avant={"etat": commentaire.etat})
    _passer(commentaire, EtatCommentaire.PUBLIE, publie_le=timezone.now())
    _noter(commentaire, "publier_commentaire", f"{par.get_full_name()} a publié", par)
    _prevenir_le_lecteur(commentaire, "publie")
    for directrice in directrices_de(commentaire.structure):
        poster(
            directrice.email,
            f"Un lecteur a écrit sous votre fiche « {commentaire.objet_titre} »",
            "moderation/courriel_commentaire_au_centre.txt",
            {"commentaire": commentaire},
            objet=commentaire,
            dans=DELAI_POUR_DEFAIRE,
        )
    return decision


@transaction.atomic
def refuser_commentaire(
    demande: Demande, commentaire: Commentaire, raison: str, *, par: Utilisateur
) -> Decision:
    """Ne le publie pas. La raison est envoyée au lecteur, s'il a laissé une adresse."""
    decision = decider(demande, Geste.REFUSER, par=par, motif=raison, avant={"etat": commentaire.etat})
    _passer(commentaire, EtatCommentaire.REFUSE)
    _noter(commentaire, "refuser_commentaire", f"{par.get_full_name()} a refusé", par)
    _prevenir_le_lecteur(commentaire, "refuse", raison=decision.motif)
    return decision


@transaction.atomic
def defaire_decision_sur_un_commentaire(decision: Decision, *, par: Utilisateur) -> Demande:
    """Remet le commentaire comme avant la décision, et retire les courriels qui ne sont pas partis."""
    demande = annuler_decision(decision, par=par)
    commentaire = Commentaire.objects.get(pk=demande.objet_id)
    _passer(commentaire, decision.avant["etat"], publie_le=None)
    reprendre(commentaire)
    _noter(commentaire, "defaire_decision", f"{par.get_full_name()} a remis dans la file", par)
    return demande


@transaction.atomic
def masquer_commentaire(commentaire: Commentaire, *, par: Acteur) -> None:
    """Le retire de la page après coup. Sans effet s'il n'y est pas."""
    if commentaire.etat == EtatCommentaire.PUBLIE:
        _passer(commentaire, EtatCommentaire.MASQUE)
        _noter(commentaire, "masquer_commentaire", f"{par.get_full_name()} a masqué", par)


@transaction.atomic
def remettre_commentaire(commentaire: Commentaire, *, par: Acteur) -> None:
    """Remet en ligne un commentaire masqué. Sans effet sur un autre."""
    if commentaire.etat == EtatCommentaire.MASQUE:
        _passer(commentaire, EtatCommentaire.PUBLIE)
        _noter(commentaire, "remettre_commentaire", f"{par.get_full_name()} a remis en ligne", par)


# --- Ce qui attend à côté de la file --------------------------------------------------------------


@transaction.atomic
def remettre_dans_la_file(commentaires: list[Commentaire], *, par: Utilisateur) -> int:
    """Des textes mis de côté à tort : ils seront lus comme les autres. Rend leur nombre."""
    for commentaire in commentaires:
        _mettre_dans_la_file(commentaire)
        _noter(commentaire, "remettre_dans_la_file", f"{par.get_full_name()} a mis dans la file", par)
    return len(commentaires)


@transaction.atomic
def refuser_les_envois_automatiques(commentaires: list[Commentaire], *, par: Utilisateur) -> int:
    """Refuse d'un coup des envois automatiques, sans écrire à leurs adresses. Rend leur nombre."""
    for commentaire in commentaires:
        _passer(commentaire, EtatCommentaire.REFUSE)
        _noter(commentaire, "refuser_commentaire", f"{par.get_full_name()} a refusé (envoi automatique)", par)
        retirer_demande(commentaire, par=par)
    return len(commentaires)


# --- La réponse du centre -------------------------------------------------------------------------


@transaction.atomic
def repondre_au_commentaire(commentaire: Commentaire, reponse: str, *, par: Utilisateur) -> None:
    """La réponse du centre paraît aussitôt sous le commentaire. Vide, elle est retirée. Lève `GesteImpossible`."""
    if commentaire.etat != EtatCommentaire.PUBLIE:
        raise GesteImpossible("Ce commentaire n’est plus en ligne : votre réponse n’y paraîtrait pas.")
    est_premiere = not commentaire.reponse
    commentaire.reponse = texte_net(reponse)
    commentaire.repondu_par, commentaire.repondu_le = (par, timezone.now()) if reponse else (None, None)
    commentaire.save(update_fields=["reponse", "repondu_par", "repondu_le"])
    _noter(commentaire, "repondre_au_commentaire", f"{par.get_full_name()} a répondu à", par)
    if commentaire.reponse and est_premiere and commentaire.courriel:
        poster(
            commentaire.courriel,
            f"Le centre vous a répondu : « {commentaire.objet_titre} »",
            "moderation/courriel_reponse_du_centre.txt",
            {"commentaire": commentaire},
            objet=commentaire,
        )


# --- Communs --------------------------------------------------------------------------------------


def _passer(commentaire: Commentaire, etat: str, **valeurs: Any) -> None:
    commentaire.etat = etat
    for nom, valeur in valeurs.items():
        setattr(commentaire, nom, valeur)
    commentaire.save(update_fields=["etat", *valeurs])


def _noter(commentaire: Commentaire, acte: str, debut: str, par: Acteur) -> None:
    phrase = f"{debut} un commentaire de « {commentaire.objet_titre} »."
    journaliser(commentaire, acte, phrase, par=par)
    noter_changement(commentaire, acte)


def _prevenir_le_lecteur(commentaire: Commentaire, issue: str, **contexte: Any) -> None:
    adresse = commentaire.auteur.email if commentaire.auteur else commentaire.courriel
    if not adresse:
        return
    sujets = {"publie": "Votre commentaire est publié", "refuse": "Votre commentaire n’a pas été publié"}
    poster(
        adresse,
        f"{sujets[issue]} : « {commentaire.objet_titre} »",
        f"moderation/courriel_commentaire_{issue}.txt",
        {"commentaire": commentaire, **contexte},
        objet=commentaire,
        dans=DELAI_POUR_DEFAIRE,
    )
