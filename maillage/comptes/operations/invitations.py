"""L'invitation, seule porte d'entrée : inviter, renvoyer, annuler, accepter."""

import hashlib
import secrets
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from maillage.comptes.choices import Role
from maillage.comptes.models import Appartenance, Invitation, Utilisateur
from maillage.comptes.operations.roles import RoleRefuse, en_colonnes, exiger_le_don
from maillage.comptes.permissions import Organisation, roles_du_lieu
from maillage.core.courrier import poster, reprendre
from maillage.core.journal import SYSTEME, Acteur, journaliser

VALIDITE = timedelta(days=7)


class InvitationRefusee(Exception):
    """Le lien ne peut plus servir, ou l'invitation n'a pas lieu d'être ; le message dit pourquoi et quoi faire."""


def empreinte_du_jeton(jeton: str) -> str:
    """La base ne garde que l'empreinte : une copie volée n'ouvre aucun compte."""
    return hashlib.sha256(jeton.encode()).hexdigest()


@transaction.atomic
def inviter(
    *, email: str, prenom: str, nom: str, role: Role, organisation: Organisation, par: Utilisateur | None
) -> str:
    """Crée l'invitation, poste le courriel, et rend l'adresse du lien.

    `par=None` : l'exploitant, depuis la ligne de commande. Lève `RoleRefuse` hors de la table des droits,
    `InvitationRefusee` quand un compte existe déjà ou qu'une invitation attend.
    """
    exiger_le_don(par, role, organisation)
    email = email.strip().lower()
    if Utilisateur.objects.filter(email__iexact=email).exists():
        raise InvitationRefusee("Un compte existe déjà avec cette adresse. Ajoutez-lui un rôle.")
    ici = en_colonnes(organisation)
    if Invitation.objects.en_attente().filter(email=email, **ici).exists():
        raise InvitationRefusee("Une invitation attend déjà à cette adresse. Renvoyez-la ou annulez-la.")
    jeton = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        email=email,
        prenom=prenom.strip(),
        nom=nom.strip(),
        role=role,
        **ici,
        jeton_empreinte=empreinte_du_jeton(jeton),
        invite_par=par,
        expire_le=timezone.now() + VALIDITE,
    )
    qui: Acteur = par or SYSTEME
    phrase = (
        f"{qui.get_full_name()} a invité une personne comme {Role(role).label.lower()}, {organisation.nom}."
    )
    journaliser(invitation, "inviter", phrase, par=qui)
    return _poster(invitation, jeton)


@transaction.atomic
def renvoyer_invitation(invitation: Invitation, *, par: Utilisateur) -> str:
    """Un lien neuf, sept jours ; l'ancien ne sert plus. Lève `RoleRefuse` ou `InvitationRefusee`."""
    exiger_le_don(par, invitation.role, invitation.organisation)
    _exiger_l_attente(invitation)
    jeton = secrets.token_urlsafe(32)
    invitation.jeton_empreinte = empreinte_du_jeton(jeton)
    invitation.expire_le = timezone.now() + VALIDITE
    invitation.save(update_fields=["jeton_empreinte", "expire_le"])
    phrase = f"{par.get_full_name()} a renvoyé une invitation, {invitation.organisation.nom}."
    journaliser(invitation, "renvoyer_invitation", phrase, par=par)
    reprendre(invitation)
    return _poster(invitation, jeton)


@transaction.atomic
def annuler_invitation(invitation: Invitation, *, par: Utilisateur) -> None:
    """Le lien ne sert plus, et un courriel pas encore parti ne part pas. Lève `RoleRefuse`, `InvitationRefusee`."""
    exiger_le_don(par, invitation.role, invitation.organisation)
    _exiger_l_attente(invitation)
    invitation.annulee_le = timezone.now()
    invitation.save(update_fields=["annulee_le"])
    phrase = f"{par.get_full_name()} a annulé une invitation, {invitation.organisation.nom}."
    journaliser(invitation, "annuler_invitation", phrase, par=par)
    reprendre(invitation)


def _exiger_l_attente(invitation: Invitation) -> None:
    if invitation.acceptee_le or invitation.annulee_le:
        raise InvitationRefusee("Cette invitation n’attend plus : elle a été acceptée ou annulée.")


def _poster(invitation: Invitation, jeton: str) -> str:
    """L'adresse vient du réglage, jamais de l'en-tête `Host` de la demande."""
    lien = settings.MAILLAGE_URL + reverse("accepter_invitation", args=[jeton])
    poster(
        invitation.email,
        "Votre invitation à Maillage",
        "comptes/courriel_invitation.txt",
        {"invitation": invitation, "lien": lien, "organisation": invitation.organisation},
        objet=invitation,
    )
    return lien


def trouver_invitation(jeton: str) -> Invitation:
    """Invitation encore valable. Lève `InvitationRefusee` sinon, sans dire si un compte existe."""
    invitation = (
        Invitation.objects.en_attente()
        .select_related("structure", "gestionnaire", "institution")
        .filter(jeton_empreinte=empreinte_du_jeton(jeton), expire_le__gte=timezone.now())
        .first()
    )
    if invitation is None or invitation.role not in roles_du_lieu(invitation.organisation):
        raise InvitationRefusee(
            "Ce lien a déjà servi ou n'est plus valable. Demandez une nouvelle invitation à votre responsable."
        )
    return invitation


@transaction.atomic
def accepter_invitation(jeton: str, *, mot_de_passe: str) -> Utilisateur:
    """Ouvre le compte et donne le rôle, et ceux des autres invitations qui attendaient à cette adresse.

    Lève `InvitationRefusee`, ou `ValidationError` pour le mot de passe.
    """
    invitation = trouver_invitation(jeton)
    utilisateur = Utilisateur(email=invitation.email, prenom=invitation.prenom, nom=invitation.nom)
    utilisateur.lieux_promis = [invitation.organisation.nom]
    validate_password(mot_de_passe, utilisateur)
    maintenant = timezone.now()
    valables = Invitation.objects.en_attente().filter(email=invitation.email, expire_le__gte=maintenant)
    toutes = [invitation, *valables.exclude(pk=invitation.pk).order_by("pk")]
    prises = valables.filter(pk=invitation.pk).update(acceptee_le=maintenant)
    if not prises or Utilisateur.objects.filter(email__iexact=invitation.email).exists():
        raise InvitationRefusee("Ce lien vient de servir. Connectez-vous.")
    ouvrir_compte(utilisateur, mot_de_passe=mot_de_passe, role=None, organisation=None)
    for acceptee in toutes:
        if acceptee.role in roles_du_lieu(acceptee.organisation):
            _donner(utilisateur, Role(acceptee.role), acceptee.organisation)
    valables.update(acceptee_le=maintenant)
    return utilisateur


@transaction.atomic
def ouvrir_compte(
    utilisateur: Utilisateur, *, mot_de_passe: str, role: Role | None, organisation: Organisation | None
) -> Utilisateur:
    """Enregistre un compte neuf avec son rôle ; son adresse est tenue pour vérifiée (elle a reçu l'invitation)."""
    utilisateur.set_password(mot_de_passe)
    utilisateur.save(force_insert=True)
    EmailAddress.objects.create(user=utilisateur, email=utilisateur.email, verified=True, primary=True)
    journaliser(utilisateur, "ouvrir_compte", f"{utilisateur} a ouvert son compte.", par=utilisateur)
    if role is not None and organisation is not None:
        _donner(utilisateur, role, organisation)
    return utilisateur


def _donner(utilisateur: Utilisateur, role: Role, organisation: Organisation) -> None:
    appartenance = Appartenance.objects.create(
        utilisateur=utilisateur, role=role, **en_colonnes(organisation)
    )
    phrase = f"{utilisateur} a reçu le rôle « {role.label} », {organisation.nom}."
    journaliser(appartenance, "recevoir_role", phrase, par=utilisateur, apres={"role": role.value})


__all__ = [
    "InvitationRefusee",
    "RoleRefuse",
    "accepter_invitation",
    "annuler_invitation",
    "inviter",
    "ouvrir_compte",
    "renvoyer_invitation",
    "trouver_invitation",
]
