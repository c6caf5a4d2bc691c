"""« D'où vient ce nombre » : la valeur d'une année et son détail, puis les lignes derrière, sans nom ou avec."""

from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from maillage.comptes.nominatif import nominative
from maillage.comptes.permissions import structures_du_registre
from maillage.comptes.requete import RequeteConnectee
from maillage.core.suivi import rattraper_pour
from maillage.evaluation.permissions import activites_nommees, peut_lire_les_lignes, peut_nommer
from maillage.evaluation.provenance import Lignes, Provenance
from maillage.evaluation.views.acces import compte_lu
from maillage.projets.permissions import est_de_l_equipe

LIGNES_MONTREES: Final = 200


@require_GET
def indicateur_nombre(request: RequeteConnectee, pk: int) -> HttpResponse:
    """La valeur, ce qu'elle couvre, son détail. Fragment de la page de l'indicateur pour htmx."""
    provenance = _provenance(request, pk)
    return render(request, "evaluation/nombre.html", _contexte(request, provenance))


@require_GET
def indicateur_lignes(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Chaque séance, présence, passage compté ; une personne y reste « une personne »."""
    provenance = _provenance(request, pk)
    if not peut_lire_les_lignes(request.user, provenance.indicateur):
        raise Http404("Ces lignes ne se lisent que dans le centre.")
    return _lignes(request, provenance, frozenset())


@require_GET
@nominative
def indicateur_noms(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Les mêmes lignes, avec les noms que cette personne a le droit de lire."""
    provenance = _provenance(request, pk)
    if not peut_nommer(request.user, provenance.indicateur):
        raise Http404("Ces noms ne se lisent pas.")
    structure = provenance.indicateur.fiche.projet.structure
    if structure.pk in structures_du_registre(request.user):
        return _lignes(request, provenance, None)
    animees = structure.activites.prefetch_related("animateurs").order_by("pk")
    return _lignes(request, provenance, frozenset(activites_nommees(request.user, list(animees))))


def _provenance(request: RequeteConnectee, pk: int) -> Provenance:
    compte = compte_lu(request, pk)
    rattraper_pour(compte.indicateur.fiche)
    annee = request.GET.get("annee", "")
    voulue = int(annee) if annee.isascii() and annee.isdigit() and len(annee) == 4 else None
    est_dehors = not est_de_l_equipe(request.user, compte.indicateur.fiche.projet)
    provenance = Provenance(compte, voulue, est_dehors=est_dehors)
    if voulue is not None and provenance.periode is None:
        raise Http404("Rien ne se compte pour cette année.")
    return provenance


def _contexte(request: RequeteConnectee, provenance: Provenance) -> dict[str, Any]:
    return {
        "compte": provenance.compte,
        "projet": provenance.indicateur.fiche.projet,
        "provenance": provenance,
        "peut_lire": peut_lire_les_lignes(request.user, provenance.indicateur),
        "peut_nommer": peut_nommer(request.user, provenance.indicateur),
    }


def _lignes(
    request: RequeteConnectee, provenance: Provenance, nommees: frozenset[int] | None
) -> HttpResponse:
    if provenance.periode is None:
        raise Http404("Rien ne se compte encore.")
    fuseau = provenance.periode.fuseau
    groupes = [(calculee, Lignes(calculee, fuseau, nommees)) for calculee in provenance.calculees]
    contexte = _contexte(request, provenance) | {
        "groupes": [
            (calculee, lignes.combien, list(lignes.premieres(LIGNES_MONTREES)))
            for calculee, lignes in groupes
        ],
        "montrees": LIGNES_MONTREES,
        "avec_les_noms": nommees is None or bool(nommees),
    }
    return render(request, "evaluation/lignes.html", contexte)
