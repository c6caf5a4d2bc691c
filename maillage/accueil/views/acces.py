"""Trouver le centre d'une page : l'un de ceux où la personne travaille."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from maillage.accueil.permissions import peut_regler_le_comptoir
from maillage.comptes.permissions import structures_de
from maillage.comptes.requete import RequeteConnectee
from maillage.territoire.models import Structure


def centre_tenu(request: RequeteConnectee, centre: int) -> Structure:
    trouve: Structure = get_object_or_404(
        Structure.objects.filter(pk__in=structures_de(request.user)), pk=centre
    )
    return trouve


def centre_regle(request: RequeteConnectee, centre: int) -> Structure:
    """Celui que l'on dirige ; pour les autres, la page n'existe pas."""
    trouve = centre_tenu(request, centre)
    if not peut_regler_le_comptoir(request.user, trouve):
        raise Http404("La liste de ce centre ne se règle pas.")
    return trouve
