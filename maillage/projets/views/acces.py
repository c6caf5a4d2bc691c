"""Trouver l'objet d'une page : celui de sa maison, et, pour écrire, celui qu'elle tient.

Ce qui vit ne se lit pas du dehors : la Caf et les cofinanceurs lisent des envois (`views.envois`)."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from maillage.comptes.requete import RequeteConnectee
from maillage.projets.models import FicheAction, Indicateur, ProjetSocial
from maillage.projets.permissions import peut_ecrire_la_fiche, peut_ecrire_le_projet


def projet_lu(request: RequeteConnectee, pk: int) -> ProjetSocial:
    projets = ProjetSocial.objects.de_l_equipe(request.user).select_related("structure__departement")
    projet: ProjetSocial = get_object_or_404(projets, pk=pk)
    return projet


def projet_tenu(request: RequeteConnectee, pk: int) -> ProjetSocial:
    """Celui que l'on peut écrire ; pour les autres, la page n'existe pas."""
    projet = projet_lu(request, pk)
    if not peut_ecrire_le_projet(request.user, projet):
        raise Http404("Ce projet ne s'écrit pas.")
    return projet


def fiche_lue(request: RequeteConnectee, pk: int) -> FicheAction:
    fiches = FicheAction.objects.de_l_equipe(request.user).select_related(
        "projet__structure", "axe", "pilote"
    )
    fiche: FicheAction = get_object_or_404(fiches, pk=pk)
    return fiche


def fiche_tenue(request: RequeteConnectee, pk: int) -> FicheAction:
    """Celle que l'on peut écrire ; pour les autres, la page n'existe pas."""
    fiche = fiche_lue(request, pk)
    if not peut_ecrire_la_fiche(request.user, fiche):
        raise Http404("Cette fiche ne s'écrit pas.")
    return fiche


def indicateur_lu(request: RequeteConnectee, pk: int) -> Indicateur:
    indicateurs = Indicateur.objects.de_l_equipe(request.user).select_related(
        "fiche__projet__structure", "fiche__axe", "responsable"
    )
    indicateur: Indicateur = get_object_or_404(indicateurs, pk=pk)
    return indicateur


def indicateur_tenu(request: RequeteConnectee, pk: int) -> Indicateur:
    indicateur = indicateur_lu(request, pk)
    if not peut_ecrire_la_fiche(request.user, indicateur.fiche):
        raise Http404("Cet indicateur ne s'écrit pas.")
    return indicateur
