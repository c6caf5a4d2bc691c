"""Les places d'une activité."""

from maillage.activites.choices import EtatInscription, RoleDePresence
from maillage.activites.models import Activite
from maillage.personnes.choices import EtatPersonne


def places_libres(activite: Activite) -> int | None:
    """Rien quand l'activité ne compte pas ses places. Une place proposée est gardée jusqu'à la réponse ; celle d'une
    personne effacée est libre."""
    if activite.capacite is None:
        return None
    prises = activite.inscriptions.filter(etat__in=(EtatInscription.INSCRITE, EtatInscription.PROPOSEE))
    prises = prises.exclude(role__in=RoleDePresence.qui_animent())
    return activite.capacite - prises.exclude(personne__etat=EtatPersonne.EFFACEE).count()
