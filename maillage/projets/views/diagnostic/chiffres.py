"""Les chiffres : les lire zones côte à côte, les écrire en grille, les importer, les sortir."""

from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillage.catalogue.exportation import TYPES
from maillage.comptes.requete import RequeteConnectee
from maillage.core.classeurs import ClasseurIllisible
from maillage.core.documents.telechargement import nom_de_fichier
from maillage.core.ecriture import GesteRefuse
from maillage.core.francais import compte
from maillage.projets.exportation.diagnostic import exporter_les_chiffres
from maillage.projets.forms.diagnostic import FichierDeChiffresForm
from maillage.projets.forms.grille_de_chiffres import GrilleDeChiffres
from maillage.projets.models import ProjetSocial
from maillage.projets.operations.diagnostic.chiffres import (
    ChiffresChanges,
    bilan_de,
    ecrire_la_grille,
    importer_les_chiffres,
)
from maillage.projets.operations.diagnostic.fichier_de_chiffres import (
    chiffres_gardes,
    garder_les_chiffres,
    lire_le_fichier,
)
from maillage.projets.permissions import peut_ecrire_le_projet
from maillage.projets.views.acces import projet_lu, projet_tenu
from maillage.projets.zones import (
    empreinte_des_chiffres,
    graphique_du_tableau,
    lire_les_zones,
    zones_du_projet,
)

LIGNES_PAR_PAGE = 20


@require_GET
def diagnostic_chiffres(request: RequeteConnectee, pk: int) -> HttpResponse:
    projet = projet_lu(request, pk)
    contexte = {
        "projet": projet,
        "lues": lire_les_zones(projet),
        "tableaux": [(un, graphique_du_tableau(un)) for un in projet.tableaux.order_by("rang", "pk")],
        "ecrit": peut_ecrire_le_projet(request.user, projet),
    }
    return render(request, "projets/diagnostic/chiffres.html", contexte)


@require_http_methods(["GET", "POST"])
def diagnostic_grille(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Vingt lignes à la fois. Une page refusée garde tout ce qui était écrit."""
    projet = projet_tenu(request, pk)
    page = Paginator(lire_les_zones(projet).lignes, LIGNES_PAR_PAGE).get_page(request.GET.get("page"))
    lue = empreinte_des_chiffres(un for ligne in page for un in ligne.par_zone.values())
    erreurs: list[str] = []
    if request.method == "POST":
        grille = GrilleDeChiffres.du_formulaire(request.POST)
        cellules = grille.cellules()
        if not grille.erreurs:
            try:
                n = ecrire_la_grille(projet, cellules, lue=request.POST.get("lue", ""), par=request.user)
            except ChiffresChanges as refus:
                erreurs.append(
                    f"{refus} Relisez la grille enregistrée, puis enregistrez de nouveau la vôtre."
                )
            except GesteRefuse as refus:
                erreurs.append(str(refus))
                lue = request.POST.get("lue", "")
            else:
                messages.success(request, f"{compte(n, 'chiffre')} à jour." if n else "Rien n’avait changé.")
                return redirect("diagnostic_chiffres", projet.pk)
        else:
            lue = request.POST.get("lue", "")
    else:
        grille = GrilleDeChiffres.des_lignes(list(page), zones_du_projet(projet))
    erreurs += grille.erreurs
    contexte = {
        "projet": projet,
        "grille": grille.avec_des_vides(),
        "page": page,
        "lue": lue,
        "erreurs_de_grille": erreurs,
    }
    return render(request, "projets/diagnostic/grille.html", contexte, status=422 if erreurs else 200)


@require_GET
def diagnostic_chiffres_fichier(request: RequeteConnectee, pk: int, extension: str) -> StreamingHttpResponse:
    projet = projet_lu(request, pk)
    reponse = StreamingHttpResponse(exporter_les_chiffres(projet, extension), content_type=TYPES[extension])
    nom = nom_de_fichier(f"Chiffres du diagnostic, {projet.nom}", extension)
    reponse["Content-Disposition"] = content_disposition_header(True, nom)
    return reponse


# --- Importer ---------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def diagnostic_import(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Lire le fichier et montrer ce qu'il ferait. Rien n'est écrit ici."""
    projet = projet_tenu(request, pk)
    form = FichierDeChiffresForm(request.POST or None, request.FILES or None)
    apercu: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        fichier = form.cleaned_data["fichier"]
        try:
            lus = lire_le_fichier(fichier.name, fichier.read())
        except ClasseurIllisible as refus:
            form.add_error("fichier", str(refus))
        else:
            apercu = {
                "lus": lus,
                "bilan": bilan_de(projet, lus.chiffres),
                "garde": garder_les_chiffres(projet, lus.chiffres),
                "nom": fichier.name,
            }
    contexte = {"projet": projet, "form": form, "apercu": apercu}
    return render(request, "projets/diagnostic/import.html", contexte, status=422 if form.errors else 200)


@require_POST
def diagnostic_import_confirmer(request: RequeteConnectee, pk: int) -> HttpResponse:
    """L'aperçu voyage signé dans la page : ce que l'on a lu est ce qui s'écrit."""
    projet: ProjetSocial = projet_tenu(request, pk)
    try:
        chiffres = chiffres_gardes(projet, request.POST.get("garde", ""))
        bilan = importer_les_chiffres(projet, chiffres, par=request.user)
    except signing.BadSignature:
        messages.error(request, "Cet aperçu a expiré. Déposez de nouveau le fichier.")
        return redirect("diagnostic_import", projet.pk)
    except GesteRefuse as refus:
        messages.error(request, str(refus))
        return redirect("diagnostic_chiffres", projet.pk)
    dits = f"{compte(bilan.ajoutes, 'chiffre')} en plus, {bilan.corriges} à jour, {bilan.inchanges} sans changement."
    messages.success(request, dits)
    return redirect("diagnostic_chiffres", projet.pk)
