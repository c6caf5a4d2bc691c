"""Importer une page du catalogue national : déposer, voir ce que cela donnerait, confirmer ou abandonner."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillage.catalogue.choices import EtatImportation, GenrePoint
from maillage.catalogue.forms.importation import DepotForm
from maillage.catalogue.importation.lecture import DocumentIllisible
from maillage.catalogue.models import Importation
from maillage.catalogue.operations.depots import (
    DejaFini,
    abandonner_importation,
    confirmer_importation,
    deposer_importation,
)
from maillage.catalogue.operations.importation import FICHES_NOMMEES_MAX
from maillage.catalogue.permissions import peut_importer
from maillage.comptes.models import Utilisateur
from maillage.core.francais import compte

PAR_PAGE = 20
TROP_LOURD = (
    "Le fichier dépasse 20 Mo. Une page du catalogue en fait moins d’un : vérifiez le fichier choisi."
)
TITRES = {
    EtatImportation.DEPOSEE: ("Aperçu de l’import", "Les fiches qui entreront"),
    EtatImportation.IMPORTEE: ("Import fini", "Les fiches entrées"),
    EtatImportation.ABANDONNEE: ("Import abandonné", "Les fiches qui seraient entrées"),
}
SORTS = (
    ("creees", "fiche à créer", "fiches à créer", "fiche créée", "fiches créées"),
    ("fusionnees", "fiche à compléter", "fiches à compléter", "fiche complétée", "fiches complétées"),
    ("repetees", "répétition", "répétitions", "répétition", "répétitions"),
    ("inchangees", "fiche déjà là", "fiches déjà là", "fiche déjà là", "fiches déjà là"),
    ("rejetees", "fiche rejetée", "fiches rejetées", "fiche rejetée", "fiches rejetées"),
)
"""Compte du bilan ; ce qu'il veut dire avant la confirmation, puis après, au singulier et au pluriel."""


@require_http_methods(["GET", "POST"])
def importations(request: HttpRequest) -> HttpResponse:
    """Le dépôt d'une page, et les imports passés."""
    moderatrice = _moderatrice(request)
    form = DepotForm()
    if request.method == "POST":
        form = DepotForm(request.POST, request.FILES)
        est_recu = form.is_valid()
        if getattr(request, "fichier_trop_lourd", False):
            form.errors.clear()
            form.add_error("fichier", TROP_LOURD)
        elif est_recu:
            fichier = form.cleaned_data["fichier"]
            try:
                return redirect("importation", deposer_importation(fichier.name, fichier, par=moderatrice).pk)
            except DocumentIllisible as illisible:
                form.add_error("fichier", str(illisible))
    depots = Importation.objects.select_related("deposee_par")
    page = Paginator(depots, PAR_PAGE).get_page(request.GET.get("page"))
    statut = 422 if form.errors else 200
    return render(request, "catalogue/importation_liste.html", {"form": form, "page": page}, status=statut)


@require_GET
def importation(request: HttpRequest, pk: int) -> HttpResponse:
    """Ce que l'import ferait, ou ce qu'il a fait."""
    moderatrice = _moderatrice(request)
    depot = get_object_or_404(Importation.objects.select_related("deposee_par"), pk=pk)
    est_a_confirmer = depot.etat == EtatImportation.DEPOSEE
    titre, titre_fiches = TITRES[EtatImportation(depot.etat)]
    contexte = {
        "depot": depot,
        "est_a_confirmer": est_a_confirmer,
        "est_a_elle": depot.deposee_par_id == moderatrice.pk,
        "change_quelque_chose": _nouveautes(depot) > 0,
        "sorts": _sorts(depot.bilan, est_a_confirmer),
        "signales": [
            (GenrePoint(genre).label, nombre)
            for genre, nombre in sorted(depot.bilan.get("genres", {}).items())
        ],
        "a_regarder": [_point(point) for point in depot.bilan.get("a_regarder", [])],
        "details": depot.bilan.get("details", []),
        "fiches": depot.bilan.get("fiches", []),
        "fiches_max": FICHES_NOMMEES_MAX,
        "titre": titre,
        "titre_fiches": titre_fiches,
    }
    return render(request, "catalogue/importation_bilan.html", contexte)


@require_POST
def importation_confirmer(request: HttpRequest, pk: int) -> HttpResponse:
    moderatrice = _moderatrice(request)
    depot = _la_sienne(moderatrice, pk)
    try:
        confirmer_importation(depot, par=moderatrice)
    except DejaFini:
        messages.info(request, "Cet import était déjà fini : rien n’a changé.")
    else:
        publiees = compte(depot.bilan["creees"], "nouvelle fiche publiée")
        messages.success(request, f"Import fini : {publiees}. La recherche les trouve dans la minute.")
    return redirect("importation", depot.pk)


@require_POST
def importation_abandonner(request: HttpRequest, pk: int) -> HttpResponse:
    moderatrice = _moderatrice(request)
    depot = _la_sienne(moderatrice, pk)
    try:
        abandonner_importation(depot, par=moderatrice)
    except DejaFini:
        messages.info(request, "Cet import était déjà fini : rien n’a changé.")
    else:
        messages.success(
            request, f"« {depot.nom} » est abandonné. Rien n’a été importé, le fichier est effacé."
        )
    return redirect("importations")


def _moderatrice(request: HttpRequest) -> Utilisateur:
    """Lève `Http404` : pour les autres, cette page n'existe pas."""
    if not isinstance(request.user, Utilisateur) or not peut_importer(request.user):
        raise Http404
    return request.user


def _la_sienne(moderatrice: Utilisateur, pk: int) -> Importation:
    """Qui a vu l'aperçu décide. Lève `Http404`."""
    return get_object_or_404(Importation, pk=pk, deposee_par=moderatrice)


def _nouveautes(depot: Importation) -> int:
    return sum(int(depot.bilan.get(sort, 0)) for sort in ("creees", "fusionnees", "repetees"))


def _point(point: dict[str, Any]) -> dict[str, Any]:
    """Un point repéré, en mots ; ceux d'un doublon possible sont le titre de l'autre fiche."""
    genre = GenrePoint(point["genre"])
    mots = f"Très proche de « {point['extrait']} »" if genre == GenrePoint.DOUBLON else point["extrait"]
    return point | {"genre": genre.label, "extrait": mots}


def _sorts(bilan: dict[str, Any], est_a_confirmer: bool) -> list[tuple[int, str]]:
    """Les comptes qui ne sont pas nuls, avec leurs mots."""
    sorts = []
    for cle, *mots in SORTS:
        nombre = int(bilan.get(cle, 0))
        singulier, pluriel = mots[:2] if est_a_confirmer else mots[2:]
        if nombre:
            sorts.append((nombre, pluriel if nombre > 1 else singulier))
    return sorts
