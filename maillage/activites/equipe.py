"""Qui travaille au centre aujourd'hui : les choix d'une référente, d'une animatrice."""

from django.db.models import QuerySet

from maillage.comptes.models import Appartenance, Utilisateur


def equipe_du_centre(structure_id: int) -> QuerySet[Utilisateur]:
    """Les comptes ouverts de la structure, dans l'ordre des prénoms."""
    tenues = Appartenance.objects.en_cours().filter(structure=structure_id)
    return Utilisateur.objects.filter(
        is_active=True, pk__in=tenues.order_by().values("utilisateur")
    ).order_by("prenom", "nom", "pk")
