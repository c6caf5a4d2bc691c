"""L'onglet « Dossier » : l'atelier de l'équipe, le document à relire, le résumé, et ce que l'on reprend ailleurs."""

from collections.abc import Callable
from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET, require_safe

from maillage.comptes.requete import RequeteConnectee
from maillage.core.debit import Debit, limiter
from maillage.core.documents.description import Document
from maillage.core.documents.html import rendre_html
from maillage.core.documents.telechargement import RENDUS, nom_de_fichier, piece_jointe
from maillage.projets.choices import EtatChapitre
from maillage.projets.exportation import FORMATS, exporter
from maillage.projets.exportation.dossier import document_du_dossier, places_qui_paraissent
from maillage.projets.exportation.resume import resume_du_projet
from maillage.projets.jetons import BLOCS, blocs_poses
from maillage.projets.matiere import Matiere
from maillage.projets.models import ProjetSocial
from maillage.projets.permissions import peut_ecrire_le_projet
from maillage.projets.plan import lire_tout_le_plan
from maillage.projets.views.acces import projet_lu

DEBIT: Final = Debit("fichiers_de_projet", par_minute=12, rafale=8)
PRESENTATIONS: Final[tuple[tuple[str, str, str, str], ...]] = (
    ("docx", "Document Word", "Tout le projet, à compléter ou à envoyer.", "file-text"),
    ("pdf", "PDF", "Le même document, prêt à imprimer.", "file-text"),
    (
        "xlsx",
        "Tableur",
        "Une feuille pour les fiches, une pour les indicateurs, une pour l’arbre.",
        "table-2",
    ),
    ("html", "Page web", "Le même document, qui s’ouvre dans un navigateur, sans réseau.", "file-text"),
    (
        "json",
        "Données",
        "Tout le projet, pour un autre logiciel ou pour le reprendre dans Maillage.",
        "file-text",
    ),
)
"""Format, son nom, à quoi il sert, icône."""
TONS: Final = {
    EtatChapitre.A_ECRIRE: ("", "circle-dashed"),
    EtatChapitre.COMMENCE: ("info", "pencil"),
    EtatChapitre.RELU: ("ok", "circle-check"),
}
SE_REMPLIT: Final = ("Se remplit seul", "info", "sparkles")
"""Rien n'y est écrit, et rien n'est à y écrire : ses tableaux y sont."""


@require_GET
def dossier(request: RequeteConnectee, pk: int) -> HttpResponse:
    """L'atelier : le plan, où en est chaque chapitre, ce qui s'y pose tout seul."""
    projet = projet_lu(request, pk)
    matiere = Matiere(projet)
    plan = matiere.plan
    lignes = lignes_du_plan(matiere)
    contexte = {
        "projet": projet,
        "lignes": lignes,
        "otes": [place for place in lire_tout_le_plan(projet) if place.chapitre.est_ote],
        "relus": sum(1 for place in plan if place.chapitre.etat == EtatChapitre.RELU),
        "vides": sum(1 for ligne in lignes if ligne["ne_parait_pas"]),
        "peut_ecrire": peut_ecrire_le_projet(request.user, projet),
        "sigles": projet.sigles.count(),
    }
    return render(request, "projets/dossier/atelier.html", contexte)


def lignes_du_plan(matiere: Matiere) -> list[dict[str, object]]:
    """Chaque chapitre, son état, ce qui s'y pose, et s'il paraîtra dans le document."""
    plan = matiere.plan
    poses = blocs_poses(place.chapitre.texte for place in plan)
    remplis = matiere.remplis
    paraissent = places_qui_paraissent(matiere)
    lignes: list[dict[str, object]] = []
    for place in plan:
        etat = EtatChapitre(place.chapitre.etat)
        ton, icone = TONS[etat]
        libelle = etat.label
        noms = [nom for nom in place.blocs if nom not in poses]
        if etat == EtatChapitre.A_ECRIRE and remplis.intersection(noms):
            libelle, ton, icone = SE_REMPLIT
        lignes.append(
            {
                "place": place,
                "libelle": libelle,
                "ton": ton,
                "icone": icone,
                "remplis": [BLOCS[nom] for nom in noms if nom in remplis],
                "attendus": [BLOCS[nom] for nom in noms if nom not in remplis],
                "ne_parait_pas": place not in paraissent,
            }
        )
    return lignes


@require_GET
def dossier_page(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Le dossier entier, tel qu'il sera, à lire dans le site."""
    projet = projet_lu(request, pk)
    document = rendre_html(document_du_dossier(projet), niveau=2)
    return render(request, "projets/dossier/page.html", {"projet": projet, "document": document})


@limiter(DEBIT)
@require_safe
def dossier_document(request: RequeteConnectee, pk: int, extension: str) -> HttpResponse:
    """Le dossier en PDF, en Word, ou en page qui s'ouvre sans réseau."""
    projet = projet_lu(request, pk)
    return _fichier(document_du_dossier, projet, extension, f"Dossier {projet.nom}")


@limiter(DEBIT)
@require_safe
def dossier_resume(request: RequeteConnectee, pk: int, extension: str) -> HttpResponse:
    """Quatre pages pour les élus, les partenaires, les habitants."""
    projet = projet_lu(request, pk)
    return _fichier(resume_du_projet, projet, extension, f"Résumé {projet.nom}")


@require_GET
def dossier_reprendre(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Les fichiers d'échange : le projet entier, à compter ou à reprendre dans un autre logiciel."""
    contexte = {"projet": projet_lu(request, pk), "fichiers": PRESENTATIONS}
    return render(request, "projets/dossier/reprendre.html", contexte)


@limiter(DEBIT)
@require_safe
def dossier_fichier(request: RequeteConnectee, pk: int, extension: str) -> HttpResponse:
    projet = projet_lu(request, pk)
    if extension not in FORMATS:
        raise Http404("Ce format n'existe pas.")
    octets = exporter(projet, extension)
    return piece_jointe(octets, nom_de_fichier(projet.nom, extension), FORMATS[extension][1])


def _fichier(
    ecrire: Callable[[ProjetSocial], Document], projet: ProjetSocial, extension: str, nom: str
) -> HttpResponse:
    if extension not in {"html", *RENDUS}:
        raise Http404("Ce format n'existe pas.")
    document = ecrire(projet)
    if extension == "html":
        page = render_to_string(
            "projets/document.html", {"document": rendre_html(document), "projet": projet}
        )
        return piece_jointe(page.encode(), nom_de_fichier(nom, "html"), "text/html; charset=utf-8")
    rendre, type_de_contenu = RENDUS[extension]
    return piece_jointe(rendre(document), nom_de_fichier(nom, extension), type_de_contenu)
