"""Les cadres de l'année : choisir, lire, remonter aux lignes, transmettre."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from maillage.catalogue.exportation import TYPES
from maillage.catalogue.exportation.formats import ecrire
from maillage.comptes.requete import RequeteConnectee
from maillage.core.documents.html import rendre_html
from maillage.core.documents.telechargement import RENDUS, nom_de_fichier, piece_jointe, telecharger
from maillage.evaluation.cadres.definitions import derniers_cadres
from maillage.evaluation.cadres.document import COLONNES, document_du_cadre, lignes_du_cadre
from maillage.evaluation.cadres.remplissage import CadreRempli, annees_offertes, version_pour
from maillage.evaluation.calcul import MesureCalculee
from maillage.evaluation.provenance import Lignes
from maillage.evaluation.views.acces import centre_lu, choisir_un_centre


@require_GET
def cadres(request: RequeteConnectee) -> HttpResponse:
    question = "De quel centre remplissez-vous les cadres ?"
    return choisir_un_centre(request, "cadres_du_centre", piece="Cadres de l’année", question=question)


@require_GET
def cadres_du_centre(request: RequeteConnectee, centre: int) -> HttpResponse:
    tenu = centre_lu(request, centre)
    offerts = []
    for cadre in derniers_cadres():
        offertes = annees_offertes(cadre, tenu)
        offerts.append(CadreRempli(cadre, tenu, offertes[0], est_dehors=False, offertes=offertes))
    return render(request, "evaluation/cadres/du_centre.html", {"centre": tenu, "offerts": offerts})


@require_GET
def cadre_rempli(request: RequeteConnectee, centre: int, sigle: str, annee: int) -> HttpResponse:
    """Les nombres de l'équipe ; chacun mène à ses lignes."""
    rempli = _rempli(request, centre, sigle, annee, est_dehors=False)
    return render(request, "evaluation/cadres/cadre.html", _contexte(rempli))


@require_GET
def cadre_document(request: RequeteConnectee, centre: int, sigle: str, annee: int) -> HttpResponse:
    """Ce que le financeur lira : les petits nombres tus."""
    rempli = _rempli(request, centre, sigle, annee, est_dehors=True)
    document = rendre_html(document_du_cadre(rempli), a_titre=False)
    return render(request, "evaluation/cadres/document.html", _contexte(rempli) | {"document": document})


@require_GET
def cadre_fichier(
    request: RequeteConnectee, centre: str, sigle: str, annee: str, extension: str
) -> HttpResponse:
    """Le même, à joindre : PDF, Word, ou tableur."""
    rempli = _rempli(request, int(centre), sigle, int(annee), est_dehors=True)
    document = document_du_cadre(rempli)
    if extension in RENDUS:
        return telecharger(document, extension)
    contenu = b"".join(ecrire(lignes_du_cadre(rempli), COLONNES, extension, titre=f"Cadre {annee}"))
    return piece_jointe(contenu, nom_de_fichier(document.titre, extension), TYPES[extension])


@require_GET
def cadre_lignes(
    request: RequeteConnectee, centre: int, sigle: str, annee: int, rubrique: str
) -> HttpResponse:
    """D'où vient ce nombre. Aucun nom ici, pour personne : un cadre se montre."""
    rempli = _rempli(request, centre, sigle, annee, est_dehors=False)
    voulue = rempli.cadre.rubrique(rubrique)
    if voulue is None:
        raise Http404("Cette rubrique ne se compte pas.")
    compte = rempli.compte(voulue)
    lignes = Lignes(
        MesureCalculee(voulue.comptee, voulue.mesure, compte.decompte, ()), rempli.structure.fuseau
    )
    contexte = _contexte(rempli) | {
        "rubrique": voulue,
        "compte": compte,
        **lignes.apercu,
    }
    return render(request, "evaluation/cadres/lignes.html", contexte)


def _rempli(
    request: RequeteConnectee, centre: int, sigle: str, annee: int, *, est_dehors: bool
) -> CadreRempli:
    tenu = centre_lu(request, centre)
    dernier = next((une for une in derniers_cadres() if une.sigle == sigle), None)
    offertes = annees_offertes(dernier, tenu) if dernier else []
    cadre = version_pour(dernier, annee, tenu) if dernier and annee in offertes else None
    if cadre is None:
        raise Http404("Ce cadre ne se remplit pas pour cette année.")
    return CadreRempli(cadre, tenu, annee, est_dehors=est_dehors, offertes=offertes)


def _contexte(rempli: CadreRempli) -> dict[str, Any]:
    return {"rempli": rempli, "centre": rempli.structure, "cadre": rempli.cadre}
