"""Actes sur les comptes : inviter, accepter une invitation."""

import hashlib
import secrets
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from maillage.comptes.choices import Role
from maillage.comptes.models import Appartenance, Invitation, Utilisateur
from maillage.core.journal import SYSTEME, Acteur, journaliser
from maillage.territoire.models import Institution, Structure

VALIDITE = timedelta(days=7)


class InvitationRefusee(Exception):
    """Le lien ne peut plus servir ; le message dit pourquoi et quoi faire."""


def empreinte_du_jeton(jeton: str) -> str:
    """La base ne garde que l'empreinte : une copie volée n'ouvre aucun compte."""
    return hashlib.sha256(jeton.encode()).hexdigest()


def inviter(
    *,
    email: str,
    prenom: str,
    nom: str,
    role: Role,
    organisation: Structure | Institution,
    par: Utilisateur | None,
) -> str:
    """Crée l'invitation, envoie le courriel après validation, et rend l'adresse du lien.

    `par=None` : l'exploitant, depuis la ligne de commande. Lève `InvitationRefusee` quand un compte existe déjà.
    """
    email = email.strip().lower()
    if Utilisateur.objects.filter(email__iexact=email).exists():
        raise InvitationRefusee("Un compte existe déjà avec cette adresse. Ajoutez-lui un rôle.")
    jeton = secrets.token_urlsafe(32)
    with transaction.atomic():
        invitation = Invitation.objects.create(
            email=email,
            prenom=prenom.strip(),
            nom=nom.strip(),
            role=role,
            structure=organisation if isinstance(organisation, Structure) else None,
            institution=organisation if isinstance(organisation, Institution) else None,
            jeton_empreinte=empreinte_du_jeton(jeton),
            invite_par=par,
            expire_le=timezone.now() + VALIDITE,
        )
        acteur: Acteur = par or SYSTEME
        journaliser(
            invitation,
            "inviter",
            f"{acteur.get_full_name()} a invité une personne comme {Role(role).label.lower()}.",
            par=acteur,
        )
        lien = settings.MAILLAGE_URL + reverse("accepter_invitation", args=[jeton])
        transaction.on_commit(lambda: _envoyer(invitation, lien, organisation))
    return lien


def _envoyer(invitation: Invitation, lien: str, organisation: Structure | Institution) -> None:
    send_mail(
        "Votre invitation à Maillage",
        render_to_string(
            "comptes/courriel_invitation.txt",
            {"invitation": invitation, "lien": lien, "organisation": organisation},
        ),
        None,
        [invitation.email],
        fail_silently=True,  # le lien est aussi rendu à la personne qui invite
    )


def trouver_invitation(jeton: str) -> Invitation:
    """Invitation encore valable. Lève `InvitationRefusee` sinon, sans dire si un compte existe."""
    invitation = (
        Invitation.objects.select_related("structure", "institution")
        .filter(jeton_empreinte=empreinte_du_jeton(jeton))
        .first()
    )
    if invitation is None or invitation.acceptee_le or invitation.expire_le < timezone.now():
        raise InvitationRefusee(
            "Ce lien a déjà servi ou n'est plus valable. Demandez une nouvelle invitation à votre responsable."
        )
    return invitation


def accepter_invitation(jeton: str, *, mot_de_passe: str) -> Utilisateur:
    """Ouvre le compte et donne le rôle. Lève `InvitationRefusee`, ou `ValidationError` pour le mot de passe."""
    with transaction.atomic():
        invitation = trouver_invitation(jeton)
        prise = Invitation.objects.filter(pk=invitation.pk, acceptee_le__isnull=True).update(
            acceptee_le=timezone.now()
        )
        if not prise:
            raise InvitationRefusee("Ce lien vient de servir. Connectez-vous.")
        utilisateur = Utilisateur(email=invitation.email, prenom=invitation.prenom, nom=invitation.nom)
        validate_password(mot_de_passe, utilisateur)
        return ouvrir_compte(
            utilisateur,
            mot_de_passe=mot_de_passe,
            role=Role(invitation.role),
            organisation=invitation.structure or invitation.institution,
        )


def ouvrir_compte(
    utilisateur: Utilisateur,
    *,
    mot_de_passe: str,
    role: Role,
    organisation: Structure | Institution | None,
) -> Utilisateur:
    """Enregistre un compte neuf avec son rôle ; son adresse est tenue pour vérifiée (elle a reçu l'invitation)."""
    with transaction.atomic():
        utilisateur.set_password(mot_de_passe)
        utilisateur.save(force_insert=True)
        EmailAddress.objects.create(user=utilisateur, email=utilisateur.email, verified=True, primary=True)
        if organisation is not None:
            Appartenance.objects.create(
                utilisateur=utilisateur,
                role=role,
                structure=organisation if isinstance(organisation, Structure) else None,
                institution=organisation if isinstance(organisation, Institution) else None,
            )
        journaliser(utilisateur, "ouvrir_compte", f"{utilisateur} a ouvert son compte.", par=utilisateur)
    return utilisateur
