"""L'assistant d'import : déposer un document, relire ce qui y est lu, confirmer ou abandonner."""

from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillage.comptes.models import Utilisateur
from maillage.comptes.permissions import structures_dirigees
from maillage.comptes.requete import RequeteConnectee
from maillage.core.francais import compte
from maillage.projets.choices import EtatDepot
from maillage.projets.forms.depots import CadreLuForm, DepotForm, PieceForm
from maillage.projets.importation import DocumentIllisible
from maillage.projets.models import DepotDeProjet
from maillage.projets.operations.depots import (
    CadreARevoir,
    DejaFini,
    RienAImporter,
    abandonner_depot,
    confirmer_depot,
    deposer_projet,
    noter_les_choix,
)
from maillage.projets.operations.periode_du_lu import PeriodeARevoir, dates_du_lu
from maillage.projets.operations.pieces_du_depot import (
    PARTIES,
    Decision,
    PieceDuDepot,
    cadre,
    est_ecarte,
    pieces,
)
from maillage.projets.permissions import peut_ouvrir_un_projet
from maillage.projets.taches import lire_le_depot

PAR_PAGE: Final = 12
UNE_A_UNE: Final = ("fiches",)
D_UN_COUP: Final = ("arbre",)
"""L’arbre se relit d’un seul regard."""
PAR_PAGE_DES_DEPOTS: Final = 20
TROP_LOURD: Final = "Le fichier dépasse 20 Mo. Retirez les images du document, puis déposez-le de nouveau."
FINI: Final = "Ce dépôt était déjà fini : rien n’a changé."
NOMS: Final = {
    "arbre": ("L’arbre", "titre"),
    "fiches": ("Les fiches actions", "fiche action"),
    "gouvernance": ("La gouvernance", "instance"),
    "chiffres": ("Les chiffres du diagnostic", "chiffre ou tableau,chiffres et tableaux"),
    "textes": ("Les textes et les sigles", "texte ou sigle,textes et sigles"),
    "a-ranger": ("À ranger", "passage"),
}
"""Partie → son titre, et ce qu'on y compte."""


@require_http_methods(["GET", "POST"])
def depot_nouveau(request: RequeteConnectee) -> HttpResponse:
    """Déposer un document, et les dépôts passés."""
    directrice = _directrice(request)
    form = DepotForm(structures=structures_dirigees(directrice))
    if request.method == "POST":
        form = DepotForm(request.POST, request.FILES, structures=structures_dirigees(directrice))
        est_recu = form.is_valid()
        if getattr(request, "fichier_trop_lourd", False):
            form.errors.clear()
            form.add_error("fichier", TROP_LOURD)
        elif est_recu:
            fichier, structure = form.cleaned_data["fichier"], form.cleaned_data["structure"]
            try:
                depot = deposer_projet(fichier.name, fichier.read(), structure=structure, par=directrice)
            except DocumentIllisible as illisible:
                form.add_error("fichier", str(illisible))
            else:
                if not depot.lu:
                    lire_le_depot.enqueue(depot.pk)
                return redirect("depot", depot.pk)
    depots = DepotDeProjet.objects.de_la_direction(directrice)
    depots = depots.defer("lu", "choix").select_related("depose_par")
    page = Paginator(depots, PAR_PAGE_DES_DEPOTS).get_page(request.GET.get("page"))
    statut = 422 if form.errors else 200
    return render(request, "projets/depot/nouveau.html", {"form": form, "page": page}, status=statut)


@require_GET
def depot(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Ce que le document donne, partie par partie ; ou l'attente de sa lecture."""
    depot = _le_depot(_directrice(request), pk)
    projets = [_resume(depot, rang) for rang in range(len(depot.lu.get("projets", ())))]
    contexte = {
        "depot": depot,
        "refus": depot.lu.get("refus", ""),
        "est_lu": "projets" in depot.lu,
        "projets": projets,
        "paragraphes": depot.lu.get("paragraphes"),
        "a_relire": sum(projet["a_relire"] for projet in projets),
    }
    return render(request, "projets/depot/depot.html", contexte)


@require_http_methods(["GET", "POST"])
def depot_cadre(request: RequeteConnectee, pk: int, projet: int) -> HttpResponse:
    """Le nom, la période et le territoire d'un projet lu ; ou le mettre de côté tout entier."""
    directrice = _directrice(request)
    depot = _lu(directrice, pk, projet)
    lu = cadre(depot, projet)
    form = CadreLuForm(request.POST or None, lu=lu)
    if request.method == "POST":
        est_ecart = request.POST.get("geste") == Decision.ECARTEE
        if est_ecart or form.is_valid():
            valeur = {} if est_ecart else form.valeur()
            decision = Decision.ECARTEE if est_ecart else Decision.PRISE
            return _noter(
                request, depot, {f"{projet}.cadre": {"decision": decision, "valeur": valeur}}, directrice
            )
    contexte = {"depot": depot, "projet_lu": lu, "form": form, "est_ecarte": est_ecarte(depot, projet)}
    return render(request, "projets/depot/cadre.html", contexte, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def depot_partie(request: RequeteConnectee, pk: int, projet: int, partie: str) -> HttpResponse:
    """Relire une partie, quelques pièces à la fois ; les fiches, une à une."""
    directrice = _directrice(request)
    depot = _lu(directrice, pk, projet)
    if partie not in PARTIES:
        raise Http404("Cette partie n'existe pas.")
    toutes = pieces(depot, projet, partie)
    if request.method == "POST" and request.POST.get("geste") == "tout":
        choix = {piece.cle: _prise(piece) for piece in toutes if not piece.decision}
        return _noter(request, depot, choix, directrice)
    page = Paginator(toutes, _par_page(partie, len(toutes))).get_page(request.GET.get("page"))
    formulaires = [PieceForm(request.POST or None, piece=piece) for piece in page]
    if request.method == "POST" and not any(form.errors for form in formulaires):
        choix = {form.piece.cle: form.choix() for form in formulaires}
        suite = reverse("depot_partie", args=[depot.pk, projet, partie])
        vers = f"{suite}?page={page.next_page_number()}" if page.has_next() else ""
        return _noter(request, depot, choix, directrice, vers)
    titre, mots = NOMS[partie]
    contexte = {
        "depot": depot,
        "projet_lu": cadre(depot, projet),
        "page": page,
        "formulaires": formulaires,
        "titre": titre,
        "combien": compte(len(toutes), mots),
        "reste": sum(not piece.decision for piece in toutes),
        "une_a_une": partie in UNE_A_UNE,
        "montre_le_passage": partie in {*UNE_A_UNE, "a-ranger"},
    }
    statut = 422 if any(form.errors for form in formulaires) else 200
    return render(request, "projets/depot/partie.html", contexte, status=statut)


@require_POST
def depot_confirmer(request: RequeteConnectee, pk: int) -> HttpResponse:
    directrice = _directrice(request)
    depot = _le_depot(directrice, pk)
    if depot.etat == EtatDepot.DEPOSE and "projets" not in depot.lu:
        return redirect("depot", depot.pk)
    try:
        projets = confirmer_depot(depot, par=directrice)
    except DejaFini:
        messages.info(request, FINI)
        return redirect("depot", depot.pk)
    except RienAImporter:
        messages.error(request, "Tous les projets sont mis de côté. Reprenez-en un, ou abandonnez l’import.")
        return redirect("depot", depot.pk)
    except CadreARevoir as refus:
        messages.error(request, f"{refus} Rien n’est encore importé, rien n’est perdu.")
        return redirect("depot_cadre", depot.pk, refus.projet)
    noms = ", ".join(f"« {projet} »" for projet in projets)
    messages.success(request, f"Import fini : {noms}. Le fichier déposé est effacé.")
    return redirect("projet", projets[0].pk)


@require_POST
def depot_abandonner(request: RequeteConnectee, pk: int) -> HttpResponse:
    directrice = _directrice(request)
    depot = _le_depot(directrice, pk)
    try:
        abandonner_depot(depot, par=directrice)
    except DejaFini:
        messages.info(request, FINI)
        return redirect("depot", depot.pk)
    messages.success(request, f"« {depot} » est abandonné. Rien n’a été importé, le fichier est effacé.")
    return redirect("depot_nouveau")


def _directrice(request: RequeteConnectee) -> Utilisateur:
    """Lève `Http404` : pour les autres, cette page n'existe pas."""
    if not peut_ouvrir_un_projet(request.user):
        raise Http404
    return request.user


def _le_depot(directrice: Utilisateur, pk: int) -> DepotDeProjet:
    """Un dépôt d'un centre qu'elle dirige. Lève `Http404`."""
    depots = DepotDeProjet.objects.de_la_direction(directrice).select_related("structure", "depose_par")
    return get_object_or_404(depots, pk=pk)


def _lu(directrice: Utilisateur, pk: int, projet: int) -> DepotDeProjet:
    """Le dépôt, ouvert et lu, où ce projet existe. Lève `Http404`."""
    depot = _le_depot(directrice, pk)
    if depot.etat != EtatDepot.DEPOSE or projet >= len(depot.lu.get("projets", ())):
        raise Http404
    return depot


def _noter(
    request: RequeteConnectee,
    depot: DepotDeProjet,
    choix: dict[str, dict[str, Any]],
    par: Utilisateur,
    vers: str = "",
) -> HttpResponse:
    try:
        noter_les_choix(depot, choix, par=par)
    except DejaFini:
        messages.info(request, FINI)
        return redirect("depot", depot.pk)
    messages.success(request, "C’est noté. Vous pouvez quitter et revenir : vos choix sont gardés.")
    return redirect(vers or reverse("depot", args=[depot.pk]))


def _par_page(partie: str, combien: int) -> int:
    if partie in UNE_A_UNE:
        return 1
    return max(combien, 1) if partie in D_UN_COUP else PAR_PAGE


def _prise(piece: PieceDuDepot) -> dict[str, Any]:
    return {"decision": Decision.PRISE, "valeur": {}}


def _resume(depot: DepotDeProjet, rang: int) -> dict[str, Any]:
    """Un projet lu : ses parties, leurs comptes, ce qui reste à relire."""
    parties = []
    for nom, (titre, mots) in NOMS.items():
        les_pieces = pieces(depot, rang, nom)
        if les_pieces:
            parties.append(
                {
                    "nom": nom,
                    "titre": titre,
                    "combien": compte(len(les_pieces), mots),
                    "reste": sum(not piece.decision for piece in les_pieces),
                    "ecartees": sum(piece.decision == Decision.ECARTEE for piece in les_pieces),
                    "corrigees": sum(piece.est_corrigee for piece in les_pieces),
                }
            )
    lu, ecarte = cadre(depot, rang), est_ecarte(depot, rang)
    return {
        "rang": rang,
        "nom": lu["nom"],
        "resume": " · ".join(filter(None, (_periode(lu), lu.get("territoire")))),
        "parties": parties,
        "est_ecarte": ecarte,
        "periode_a_revoir": _periode_a_revoir(lu),
        "a_relire": 0 if ecarte else sum(partie["reste"] for partie in parties),
    }


def _periode(lu: dict[str, Any]) -> str:
    periode = lu.get("periode") or {}
    debut, fin = periode.get("debut"), periode.get("fin")
    return f"De {debut} à {fin}" if debut and fin else "Période non dite"


def _periode_a_revoir(lu: dict[str, Any]) -> str:
    """Ce qu'il faut corriger avant d'importer ; rien si la période convient."""
    try:
        dates_du_lu(lu)
    except PeriodeARevoir as refus:
        return str(refus)
    return ""
