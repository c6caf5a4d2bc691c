"""L'onglet « Dossier » : le projet entier, à lire, à compter ou à reprendre ailleurs."""

from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_safe

from maillage.comptes.requete import RequeteConnectee
from maillage.core.debit import Debit, limiter
from maillage.core.documents.telechargement import nom_de_fichier, piece_jointe
from maillage.projets.exportation import FORMATS, exporter
from maillage.projets.models import ProjetSocial
from maillage.projets.permissions import est_de_l_equipe

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


@require_GET
def dossier(request: RequeteConnectee, pk: int) -> HttpResponse:
    projet = _projet(request, pk)
    return render(request, "projets/dossier.html", {"projet": projet, "fichiers": _offerts(request, projet)})


@limiter(DEBIT)
@require_safe
def dossier_fichier(request: RequeteConnectee, pk: int, extension: str) -> HttpResponse:
    projet = _projet(request, pk)
    if extension not in {format for format, *_ in _offerts(request, projet)}:
        raise Http404("Ce format n'existe pas.")
    octets = exporter(projet, extension)
    return piece_jointe(octets, nom_de_fichier(projet.nom, extension), FORMATS[extension][1])


def _offerts(request: RequeteConnectee, projet: ProjetSocial) -> list[tuple[str, str, str, str]]:
    """Les données portent aussi ce que l'équipe a mis de côté : elles ne sont qu'à elle."""
    est_a_elle = est_de_l_equipe(request.user, projet)
    return [presentation for presentation in PRESENTATIONS if presentation[0] != "json" or est_a_elle]


def _projet(request: RequeteConnectee, pk: int) -> ProjetSocial:
    """Lève `Http404`."""
    lus = ProjetSocial.objects.visibles_par(request.user).select_related("structure")
    return get_object_or_404(lus, pk=pk)
