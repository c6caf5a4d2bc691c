"""Trouver l'indicateur ou la fiche d'une page : ce que la personne peut lire et, pour écrire, ce qu'elle tient."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from maillage.comptes.requete import RequeteConnectee
from maillage.evaluation.lecture import Compte
from maillage.projets.models import FicheAction, Indicateur
from maillage.projets.permissions import peut_ecrire_la_fiche


def compte_lu(request: RequeteConnectee, pk: int) -> Compte:
    indicateurs = Indicateur.objects.visibles_par(request.user).select_related("fiche__projet__structure")
    return Compte(get_object_or_404(indicateurs, pk=pk))


def compte_tenu(request: RequeteConnectee, pk: int) -> Compte:
    """Celui que l'on peut écrire ; pour les autres, la page n'existe pas."""
    compte = compte_lu(request, pk)
    if not peut_ecrire_la_fiche(request.user, compte.indicateur.fiche):
        raise Http404("Cet indicateur ne s'écrit pas.")
    return compte


def fiche_tenue(request: RequeteConnectee, pk: int) -> FicheAction:
    fiches = FicheAction.objects.visibles_par(request.user).select_related("projet__structure")
    fiche: FicheAction = get_object_or_404(fiches, pk=pk)
    if not peut_ecrire_la_fiche(request.user, fiche):
        raise Http404("Cette fiche ne s'écrit pas.")
    return fiche
