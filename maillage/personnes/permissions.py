"""Qui lit quoi des personnes."""

from typing import Any, TypeGuard

from django.db.models import Q

from maillage.comptes.models import Utilisateur
from maillage.comptes.permissions import structures_dirigees, structures_du_registre
from maillage.personnes.choices import EtatPersonne
from maillage.personnes.models import Personne


def peut_tenir_le_registre(utilisateur: Any) -> TypeGuard[Utilisateur]:
    """La direction, l'accueil et les inscriptions tiennent le registre des personnes de leur centre."""
    return bool(structures_du_registre(utilisateur))


def peut_lire_la_personne(utilisateur: Any, personne: Personne) -> TypeGuard[Utilisateur]:
    """Le registre de son centre. Une animatrice lit les noms de ses feuilles, jamais cette fiche ; gelée, la direction
    seule l'ouvre encore."""
    if personne.etat == EtatPersonne.LIMITEE:
        return peut_repondre_a_la_personne(utilisateur, personne)
    return personne.structure_id in structures_du_registre(utilisateur)


def qui_se_nomme(utilisateur: Any, personne: str = "personne") -> Q:
    """Ce que des lignes rattachées à `personne` montrent d'elle : gelée, la direction seule lit encore son nom."""
    gelee = Q(**{f"{personne}__etat": EtatPersonne.LIMITEE})
    return ~gelee | Q(**{f"{personne}__structure__in": structures_dirigees(utilisateur)})


def peut_repondre_a_la_personne(utilisateur: Any, personne: Personne) -> TypeGuard[Utilisateur]:
    """La direction de son centre gèle, efface, et répond aux demandes de droits."""
    return personne.structure_id in structures_dirigees(utilisateur)


def peut_regler_les_personnes(utilisateur: Any, centre: int) -> TypeGuard[Utilisateur]:
    """La direction d'un centre choisit les champs que l'on y note et ses provenances ; elle retrouve les fiches
    gelées."""
    return centre in structures_dirigees(utilisateur)
