"""Trouver l'indicateur, la fiche ou le centre d'une page : ce que la personne lit et, pour écrire, ce qu'elle tient."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from maillage.comptes.permissions import structures_de
from maillage.comptes.requete import RequeteConnectee
from maillage.evaluation.lecture import Compte
from maillage.evaluation.permissions import peut_lire_un_bilan
from maillage.projets.models import FicheAction, Indicateur
from maillage.projets.permissions import peut_ecrire_la_fiche
from maillage.territoire.models import Structure


def compte_lu(request: RequeteConnectee, pk: int) -> Compte:
    indicateurs = Indicateur.objects.de_l_equipe(request.user).select_related("fiche__projet__structure")
    return Compte(get_object_or_404(indicateurs, pk=pk))


def compte_tenu(request: RequeteConnectee, pk: int) -> Compte:
    """Celui que l'on peut écrire ; pour les autres, la page n'existe pas."""
    compte = compte_lu(request, pk)
    if not peut_ecrire_la_fiche(request.user, compte.indicateur.fiche):
        raise Http404("Cet indicateur ne s'écrit pas.")
    return compte


def fiche_tenue(request: RequeteConnectee, pk: int) -> FicheAction:
    fiches = FicheAction.objects.de_l_equipe(request.user).select_related("projet__structure")
    fiche: FicheAction = get_object_or_404(fiches, pk=pk)
    if not peut_ecrire_la_fiche(request.user, fiche):
        raise Http404("Cette fiche ne s'écrit pas.")
    return fiche


def centre_lu(request: RequeteConnectee, pk: int) -> Structure:
    """Celui d'une autre équipe n'existe pas."""
    centre: Structure = get_object_or_404(Structure.objects.filter(pk__in=structures_de(request.user)), pk=pk)
    return centre


def choisir_un_centre(request: RequeteConnectee, page: str, *, piece: str, question: str) -> HttpResponse:
    """Un seul centre : sa page. Plusieurs : lequel ?"""
    if not peut_lire_un_bilan(request.user):
        raise Http404("Aucun centre à lire.")
    centres = Structure.objects.filter(pk__in=structures_de(request.user)).order_by("nom", "pk")
    if len(centres) == 1:
        return redirect(page, centres[0].pk)
    contexte = {"centres": centres, "page": page, "piece": piece, "question": question}
    return render(request, "evaluation/quel_centre.html", contexte)
