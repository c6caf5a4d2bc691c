"""« D'où vient ce nombre » : la valeur d'une année et son détail, puis les lignes derrière, sans nom ou avec."""

from typing import Any, Final

from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from maillage.comptes.nominatif import nominative
from maillage.comptes.permissions import structures_du_registre
from maillage.comptes.requete import RequeteConnectee
from maillage.core.debit import Debit, limiter
from maillage.core.documents.telechargement import nom_de_fichier
from maillage.core.ecriture import GesteRefuse
from maillage.core.saisie import une_ligne
from maillage.core.suivi import rattraper_pour
from maillage.evaluation.calcul import MesureCalculee, Periode, periode_en_cours
from maillage.evaluation.exportation import FORMATS, TYPES, lignes_en_fichier
from maillage.evaluation.operations import noter_l_export_des_lignes, noter_l_export_des_noms
from maillage.evaluation.permissions import (
    activites_nommees,
    peut_exporter_les_noms,
    peut_nommer,
)
from maillage.evaluation.provenance import LIGNES_MONTREES, Lignes, Provenance
from maillage.evaluation.views.acces import compte_lu
from maillage.projets.choices import SourceIndicateur
from maillage.projets.indicateurs import AnneeLue, IndicateurLu, indicateurs_de
from maillage.projets.models import FicheAction, ProjetSocial
from maillage.projets.suivi import annee_de_travail

FICHIERS: Final = Debit("lignes-d-un-nombre", par_minute=20, rafale=20)


@require_GET
def fiche_nombres(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Où en est chaque nombre de la fiche cette année. Fragment de la page de la fiche pour htmx."""
    fiches = FicheAction.objects.de_l_equipe(request.user).select_related("projet__structure")
    fiche: FicheAction = get_object_or_404(fiches, pk=pk)
    rattraper_pour(fiche)
    annee = annee_de_travail(fiche.projet)
    lus = [_de_l_annee(lu, annee, fiche.projet) for lu in indicateurs_de(fiche, est_dehors=False)]
    contexte = {"projet": fiche.projet, "fiche": fiche, "annee": annee, "lus": lus}
    return render(request, "evaluation/fiche_nombres.html", contexte)


def _de_l_annee(lu: IndicateurLu, annee: int, projet: ProjetSocial) -> tuple[AnneeLue, str]:
    """Ce qui se compte se lit sur l'année qui court pour lui, dite quand ce n'est pas la civile : jusqu'en août, la
    scolaire porte le nom de l'année d'avant."""
    indicateur = lu.indicateur
    if indicateur.source != SourceIndicateur.CALCUL:
        return lu.annee(annee), ""
    quand = periode_en_cours(indicateur.calendrier, projet)
    if quand is None:
        return lu.annee(annee), ""
    return lu.annee(quand.annee), "" if quand.est_civile else str(quand)


@require_GET
def indicateur_nombre(request: RequeteConnectee, pk: int) -> HttpResponse:
    """La valeur, ce qu'elle couvre, son détail. Fragment de la page de l'indicateur pour htmx."""
    provenance = _provenance(request, pk)
    return render(request, "evaluation/nombre.html", _contexte(request, provenance))


@require_GET
def indicateur_lignes(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Chaque séance, présence, passage compté ; une personne y reste « une personne »."""
    provenance = _provenance(request, pk)
    return _lignes(request, provenance, frozenset())


@limiter(FICHIERS)
@require_POST
def indicateur_lignes_fichier(request: RequeteConnectee, pk: int, extension: str) -> HttpResponseBase:
    """Toutes ces lignes, dans un tableur, sans aucun nom."""
    _exiger_un_format(extension)
    provenance = _provenance(request, pk)
    noter_l_export_des_lignes(provenance.indicateur, _periode(provenance), par=request.user)
    return _fichier(provenance, frozenset(), extension)


@require_GET
@nominative
def indicateur_noms(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Les mêmes lignes, avec les noms que cette personne a le droit de lire."""
    provenance = _provenance(request, pk)
    return _lignes(request, provenance, _nommees(request, provenance))


@limiter(FICHIERS)
@require_POST
@nominative
def indicateur_noms_fichier(request: RequeteConnectee, pk: int, extension: str) -> HttpResponseBase:
    """Les mêmes noms, dans un tableur, pour une raison que le journal garde."""
    _exiger_un_format(extension)
    provenance = _provenance(request, pk)
    if not peut_exporter_les_noms(request.user, provenance.indicateur):
        raise Http404("Ce fichier est à la direction.")
    nommees = _nommees(request, provenance)
    raison = une_ligne(request.POST.get("raison", ""), 200)
    try:
        noter_l_export_des_noms(provenance.indicateur, _periode(provenance), raison, par=request.user)
    except GesteRefuse as refus:
        return _lignes(request, provenance, nommees, refus=str(refus), raison=raison)
    return _fichier(provenance, nommees, extension)


def _nommees(request: RequeteConnectee, provenance: Provenance) -> frozenset[int] | None:
    """Les activités dont cette personne lit les noms ; None, toutes celles du centre. Lève `Http404`."""
    if not peut_nommer(request.user, provenance.indicateur):
        raise Http404("Ces noms ne se lisent pas.")
    structure = provenance.indicateur.fiche.projet.structure
    if structure.pk in structures_du_registre(request.user):
        return None
    animees = structure.activites.prefetch_related("animateurs").order_by("pk")
    return frozenset(activites_nommees(request.user, list(animees)))


def _provenance(request: RequeteConnectee, pk: int) -> Provenance:
    compte = compte_lu(request, pk)
    rattraper_pour(compte.indicateur.fiche)
    annee = request.POST.get("annee", request.GET.get("annee", ""))
    voulue = int(annee) if annee.isascii() and annee.isdigit() and len(annee) == 4 else None
    provenance = Provenance(compte, voulue)
    if voulue is not None and provenance.periode is None:
        raise Http404("Rien ne se compte pour cette année.")
    return provenance


def _contexte(request: RequeteConnectee, provenance: Provenance) -> dict[str, Any]:
    return {
        "compte": provenance.compte,
        "projet": provenance.indicateur.fiche.projet,
        "provenance": provenance,
        "peut_nommer": peut_nommer(request.user, provenance.indicateur),
        "peut_exporter_les_noms": peut_exporter_les_noms(request.user, provenance.indicateur),
    }


def _periode(provenance: Provenance) -> Periode:
    if provenance.periode is None:
        raise Http404("Rien ne se compte encore.")
    return provenance.periode


def _groupes(provenance: Provenance, nommees: frozenset[int] | None) -> list[tuple[MesureCalculee, Lignes]]:
    fuseau = _periode(provenance).fuseau
    return [(calculee, Lignes(calculee, fuseau, nommees)) for calculee in provenance.calculees]


def _exiger_un_format(extension: str) -> None:
    if extension not in FORMATS:
        raise Http404("Ce format n'existe pas.")


def _fichier(provenance: Provenance, nommees: frozenset[int] | None, extension: str) -> StreamingHttpResponse:
    nom = nom_de_fichier(
        f"Ce qui est compté {_periode(provenance).annee}, {provenance.indicateur}", extension
    )
    return StreamingHttpResponse(
        lignes_en_fichier(_groupes(provenance, nommees), extension),
        content_type=TYPES[extension],
        headers={"Content-Disposition": content_disposition_header(True, nom) or "attachment"},
    )


def _lignes(
    request: RequeteConnectee,
    provenance: Provenance,
    nommees: frozenset[int] | None,
    *,
    refus: str = "",
    raison: str = "",
) -> HttpResponse:
    groupes = _groupes(provenance, nommees)
    contexte = _contexte(request, provenance) | {
        "groupes": [
            (calculee, lignes.combien, list(lignes.premieres(LIGNES_MONTREES)))
            for calculee, lignes in groupes
        ],
        "montrees": LIGNES_MONTREES,
        "avec_les_noms": nommees is None or bool(nommees),
        "refus": refus,
        "raison": raison,
    }
    return render(request, "evaluation/lignes.html", contexte, status=422 if refus else 200)
