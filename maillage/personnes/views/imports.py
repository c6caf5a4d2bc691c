"""Importer un classeur : le déposer, dire ce que sont ses colonnes, lire ce qui entrera, puis écrire."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillage.catalogue.exportation.formats import TYPES
from maillage.comptes.nominatif import nominative
from maillage.comptes.requete import RequeteConnectee
from maillage.core.classeurs import ClasseurIllisible
from maillage.core.ecriture import GesteRefuse
from maillage.personnes.choices import EtatImportDePersonnes
from maillage.personnes.exportation import lignes_a_corriger
from maillage.personnes.forms.reglages import ClasseurForm, ColonnesForm
from maillage.personnes.importation import LigneLue
from maillage.personnes.models import ImportDePersonnes, Personne
from maillage.personnes.noms import nom_cherche
from maillage.personnes.operations import (
    abandonner_import_de_personnes,
    champs_notes,
    choisir_les_colonnes,
    confirmer_import_de_personnes,
    deposer_personnes,
    lire_l_import,
)
from maillage.personnes.ressemblances import Ressemblance, doublons_parmi
from maillage.personnes.views.acces import centre_du_registre, import_lu


@require_http_methods(["GET", "POST"])
@nominative
def personnes_import(request: RequeteConnectee) -> HttpResponse:
    """Déposer. Rien n'entre au registre avant la vérification."""
    centre = centre_du_registre(request)
    form = ClasseurForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        recu = form.cleaned_data["fichier"]
        try:
            depot = deposer_personnes(recu.name, recu.read(), structure=centre, par=request.user)
        except ClasseurIllisible as refus:
            form.add_error("fichier", str(refus))
        else:
            return redirect("personnes_import_lu", depot.pk)
    imports = ImportDePersonnes.objects.du_registre(request.user).filter(structure=centre)
    contexte = {"centre": centre, "form": form, "imports": imports.select_related("depose_par")[:20]}
    return render(request, "personnes/import.html", contexte, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@nominative
def personnes_import_lu(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Les colonnes, ce qui entrera, ce qui est à corriger, et qui est peut-être déjà au registre."""
    depot = import_lu(request, pk)
    if depot.etat != EtatImportDePersonnes.DEPOSE:
        return render(request, "personnes/import_fini.html", {"depot": depot})
    try:
        tableau, lignes = lire_l_import(depot)
    except ClasseurIllisible as refus:
        return render(request, "personnes/import_perdu.html", {"depot": depot, "refus": refus})
    form = ColonnesForm(
        request.POST if request.method == "POST" else None,
        entetes=tableau.entetes,
        choisies=depot.correspondance,
        ouverts=champs_notes(depot.structure),
    )
    if request.method == "POST" and form.is_valid():
        try:
            choisir_les_colonnes(depot, form.colonnes, par=request.user)
            return redirect("personnes_import_lu", depot.pk)
        except GesteRefuse as refus:
            form.add_error(None, str(refus))
    bonnes = [ligne for ligne in lignes if not ligne.fautes]
    contexte = {
        "depot": depot,
        "form": form,
        "bonnes": bonnes,
        "fautives": [ligne for ligne in lignes if ligne.fautes],
        "connues": (connues := _ressemblances(depot, bonnes)),
        "au_registre": len({ligne.numero for ligne, r in connues if not _est_du_classeur(r.autre)}),
    }
    return render(request, "personnes/import_lu.html", contexte, status=422 if form.errors else 200)


def _ressemblances(depot: ImportDePersonnes, lignes: list[LigneLue]) -> list[tuple[LigneLue, Ressemblance]]:
    """Chaque ligne qui ressemble à une fiche du registre, ou à une autre ligne du même classeur."""
    venues = {-ligne.numero: ligne for ligne in lignes}
    a_venir = [
        Personne(pk=numero, nom_cherche=nom_cherche(ligne.nom), **ligne.champs)
        for numero, ligne in venues.items()
    ]
    registre = Personne.objects.presentes().filter(structure=depot.structure_id)
    return [(venues[r.une.pk], r) for r in doublons_parmi(a_venir, connues=registre)]


def _au_registre(depot: ImportDePersonnes) -> set[int]:
    """Les lignes qui ressemblent à une fiche : une liste déposée deux fois se laisse de côté d'une seule coche."""
    _, lignes = lire_l_import(depot)
    connues = _ressemblances(depot, [ligne for ligne in lignes if not ligne.fautes])
    return {ligne.numero for ligne, r in connues if not _est_du_classeur(r.autre)}


def _est_du_classeur(personne: Personne) -> bool:
    return personne.pk < 0


@require_GET
@nominative
def personnes_import_fautes(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Les lignes fautives, dans le même classeur, avec ce qu'il faut corriger."""
    depot = import_lu(request, pk)
    if depot.etat != EtatImportDePersonnes.DEPOSE:
        raise Http404
    try:
        tableau, lignes = lire_l_import(depot)
    except ClasseurIllisible as refus:
        raise Http404(str(refus)) from refus
    contenu = lignes_a_corriger(tableau, [ligne for ligne in lignes if ligne.fautes])
    reponse = HttpResponse(contenu, content_type=TYPES["xlsx"])
    reponse["Content-Disposition"] = 'attachment; filename="lignes-a-corriger.xlsx"'
    return reponse


@require_POST
@nominative
def personnes_import_finir(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Écrire, sauf les lignes écartées ; ou renoncer."""
    depot = import_lu(request, pk)
    sauf = {int(n) for n in request.POST.getlist("sauf") if n.isascii() and n.isdigit() and len(n) < 6}
    try:
        if request.POST.get("geste") == "abandonner":
            abandonner_import_de_personnes(depot, par=request.user)
            messages.success(request, "Rien n’est entré au registre, et le classeur est effacé.")
            return redirect("personnes_import")
        if request.POST.get("sauf_connues"):
            sauf |= _au_registre(depot)
        confirmer_import_de_personnes(depot, sauf=sauf, par=request.user)
        messages.success(request, "L’import est fait, et le classeur est effacé.")
    except (GesteRefuse, ClasseurIllisible) as refus:
        messages.error(request, str(refus))
    return redirect("personnes_import_lu", depot.pk)
