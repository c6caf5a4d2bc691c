"""Qui travaille au projet aujourd'hui : les choix d'un pilote, d'une relectrice, d'une équipe."""

from django.db.models import QuerySet

from maillage.comptes.models import Appartenance, Utilisateur
from maillage.projets.models import ProjetSocial


def equipe_du_projet(projet: ProjetSocial) -> QuerySet[Utilisateur]:
    """Les comptes ouverts de la structure du projet, dans l'ordre des prénoms."""
    tenues = Appartenance.objects.en_cours().filter(structure=projet.structure_id)
    return Utilisateur.objects.filter(
        is_active=True, pk__in=tenues.order_by().values("utilisateur")
    ).order_by("prenom", "nom", "pk")
