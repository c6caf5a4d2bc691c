"""Trouver l'objet d'une page : celui de l'équipe. Celui d'un autre centre n'existe pas."""

from django.shortcuts import get_object_or_404

from maillage.activites.models import Activite, Intervention, Seance, Serie, Theme
from maillage.comptes.requete import RequeteConnectee


def activite_tenue(request: RequeteConnectee, pk: int) -> Activite:
    lues = Activite.objects.de_l_equipe(request.user)
    lue: Activite = get_object_or_404(lues.select_related("structure", "site", "fiche__axe"), pk=pk)
    return lue


def seance_tenue(request: RequeteConnectee, pk: int) -> Seance:
    lues = Seance.objects.de_l_equipe(request.user).avec_leur_activite()
    lue: Seance = get_object_or_404(lues.select_related("activite__fiche", "serie"), pk=pk)
    return lue


def serie_tenue(request: RequeteConnectee, pk: int) -> Serie:
    siennes = Activite.objects.de_l_equipe(request.user)
    lue: Serie = get_object_or_404(
        Serie.objects.select_related("activite__structure"), pk=pk, activite__in=siennes
    )
    return lue


def theme_tenu(request: RequeteConnectee, pk: int) -> Theme:
    siennes = Activite.objects.de_l_equipe(request.user)
    lu: Theme = get_object_or_404(
        Theme.objects.select_related("activite__structure"), pk=pk, activite__in=siennes
    )
    return lu


def intervention_tenue(request: RequeteConnectee, pk: int) -> Intervention:
    siennes = Seance.objects.de_l_equipe(request.user)
    lue: Intervention = get_object_or_404(
        Intervention.objects.select_related("seance__activite__structure"), pk=pk, seance__in=siennes
    )
    return lue
