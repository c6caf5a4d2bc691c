"""La distribution : les mêmes personnes dans les tests, la démonstration et les captures (docs/plan.md).

Chaque page se juge aux mêmes trois questions : que voit la personne de la maison, sa collègue, l'étrangère ?
"""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from maillage.comptes.choices import Role
from maillage.comptes.models import Utilisateur
from maillage.territoire.models import Institution, Structure
from tests.fabriques import (
    AppartenanceFactory,
    DepartementFactory,
    InstitutionFactory,
    StructureFactory,
    UtilisateurFactory,
)


@dataclass(frozen=True)
class Distribution:
    """Amina, Bruno, Inès et Farid travaillent aux Tilleuls ; Chloé dirige un autre centre, ailleurs."""

    tilleuls: Structure
    rivage: Structure
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
    tilleuls = StructureFactory(nom="Centre social Les Tilleuls", decrite=True)
    rivage = StructureFactory(nom="Centre social Le Rivage", departement=DepartementFactory(autre=True))
    caf, federation = InstitutionFactory(caf=True), InstitutionFactory()
    reseau = InstitutionFactory(reseau=True)

    def personne(prenom: str, nom: str, role: Role, organisation: Structure | Institution) -> Utilisateur:
        utilisateur = UtilisateurFactory(prenom=prenom, nom=nom)
        lieu = "structure" if isinstance(organisation, Structure) else "institution"
        AppartenanceFactory(utilisateur=utilisateur, role=role, **{lieu: organisation})
        return utilisateur

    omar = personne("Omar", "Haddad", Role.CONTRIBUTEUR, tilleuls)
    # Omar a quitté l'équipe hier : son compte s'ouvre, son rôle n'est plus.
    omar.appartenances.update(au=timezone.localdate() - timedelta(days=1))
    return Distribution(
        tilleuls=tilleuls,
        rivage=rivage,
        caf=caf,
        federation=federation,
        reseau=reseau,
        amina=personne("Amina", "Benali", Role.DIRECTRICE, tilleuls),
        bruno=personne("Bruno", "Martin", Role.CONTRIBUTEUR, tilleuls),
        ines=personne("Inès", "Garcia", Role.CONTRIBUTEUR, tilleuls),
        farid=personne("Farid", "Meziane", Role.CONTRIBUTEUR, tilleuls),
        chloe=personne("Chloé", "Lambert", Role.DIRECTRICE, rivage),
        denis=personne("Denis", "Roussel", Role.CONSEILLER_CAF, caf),
        lea=personne("Léa", "Fontaine", Role.MODERATRICE, federation),
        omar=omar,
        nadia=personne("Nadia", "Petit", Role.ADMINISTRATRICE, reseau),
    )
