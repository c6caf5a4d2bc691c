"""La distribution : les mêmes personnes dans les tests, la démonstration et les captures (docs/plan.md).

Chaque page se juge aux mêmes trois questions : que voit la personne de la maison, sa collègue, l'étrangère ?
"""

import time
from dataclasses import dataclass
from datetime import timedelta

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.utils import timezone

from maillage.comptes.choices import Role
from maillage.comptes.middleware import OUVERTE, ROLES, VU, roles_de_la_session
from maillage.comptes.models import Utilisateur
from maillage.comptes.nominatif import NOMINATIF_VU
from maillage.territoire.models import Institution, Structure
from tests.fabriques import (
    SECRET_DU_TELEPHONE,
    AppartenanceFactory,
    DepartementFactory,
    InstitutionFactory,
    StructureFactory,
    UtilisateurFactory,
)

DES_CENTRES = {"amina", "bruno", "ines", "farid", "chloe"}
"""Celles et ceux qui travaillent dans un centre ; `client_de` les a équipés d'un second facteur."""


@dataclass(frozen=True)
class Distribution:
    """Amina, Bruno, Inès et Farid travaillent aux Deux-Ponts ; Chloé dirige un autre centre, ailleurs."""

    deux_ponts: Structure
    quatre_vents: Structure
    caf: Institution
    federation: Institution
    reseau: Institution
    amina: Utilisateur
    bruno: Utilisateur
    ines: Utilisateur
    farid: Utilisateur
    chloe: Utilisateur
    denis: Utilisateur
    lea: Utilisateur
    omar: Utilisateur
    nadia: Utilisateur

    def personne(self, prenom: str) -> Utilisateur | None:
        """La personne de ce prénom ; None pour `anonyme` et pour Sylvie, qui n'ont pas de compte."""
        if prenom in {"anonyme", "sylvie"}:
            return None
        personne = getattr(self, prenom)
        assert isinstance(personne, Utilisateur)
        return personne


def distribuer() -> Distribution:
    deux_ponts = StructureFactory(nom="Centre social des Deux-Ponts", decrite=True)
    quatre_vents = StructureFactory(
        nom="Centre social Les Quatre-Vents", departement=DepartementFactory(autre=True)
    )
    caf, federation = InstitutionFactory(caf=True), InstitutionFactory()
    reseau = InstitutionFactory(reseau=True)

    def personne(prenom: str, nom: str, role: Role, organisation: Structure | Institution) -> Utilisateur:
        utilisateur = UtilisateurFactory(prenom=prenom, nom=nom)
        lieu = "structure" if isinstance(organisation, Structure) else "institution"
        AppartenanceFactory(utilisateur=utilisateur, role=role, **{lieu: organisation})
        return utilisateur

    omar = personne("Omar", "Benhamou", Role.CONTRIBUTEUR, deux_ponts)
    # Omar a quitté l'équipe hier : son compte s'ouvre, son rôle n'est plus.
    omar.appartenances.update(au=timezone.localdate() - timedelta(days=1))
    return Distribution(
        deux_ponts=deux_ponts,
        quatre_vents=quatre_vents,
        caf=caf,
        federation=federation,
        reseau=reseau,
        amina=personne("Amina", "Benali", Role.DIRECTRICE, deux_ponts),
        bruno=personne("Bruno", "Castel", Role.CONTRIBUTEUR, deux_ponts),
        ines=personne("Inès", "Moreau", Role.ACCUEIL, deux_ponts),
        farid=personne("Farid", "Haddou", Role.CONTRIBUTEUR, deux_ponts),
        chloe=personne("Chloé", "Vasseur", Role.DIRECTRICE, quatre_vents),
        denis=personne("Denis", "Perrot", Role.CONSEILLER_CAF, caf),
        lea=personne("Léa", "Roussel", Role.MODERATRICE, federation),
        omar=omar,
        nadia=personne("Nadia", "Keller", Role.ADMINISTRATRICE, reseau),
    )


def equiper(personne: Utilisateur) -> Utilisateur:
    """Relie son téléphone, si ce n'est fait : les pages qui nomment des habitants le demandent (`@nominative`)."""
    if not Authenticator.objects.filter(user=personne, type=Authenticator.Type.TOTP).exists():
        TOTP.activate(personne, SECRET_DU_TELEPHONE)
    return personne


def tenir_la_session(client: Client, personne: Utilisateur) -> None:
    """Ce que la première page d'une session y note."""
    session = client.session
    maintenant = int(time.time())
    session[OUVERTE] = session[VU] = session[NOMINATIF_VU] = maintenant
    session[ROLES] = roles_de_la_session(personne)
    session.save()
