"""L'arbre en image : à l'écran, en SVG à garder, en PDF, un axe par page."""

from dataclasses import replace

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from maillage.comptes.requete import RequeteConnectee
from maillage.core.documents.description import Document, Figure, Saut, Section
from maillage.core.documents.telechargement import nom_de_fichier, piece_jointe, telecharger
from maillage.projets.dessin import decrire, dessiner
from maillage.projets.lecture import Arbre, AxeLu, lire_arbre
from maillage.projets.views.acces import projet_lu


@require_GET
def arbre_dessin(request: RequeteConnectee, pk: int) -> HttpResponse:
    projet = projet_lu(request, pk)
    arbre = lire_arbre(projet)
    contexte = {"projet": projet, "arbre": arbre, "dessin": dessiner(arbre)}
    return render(request, "projets/arbre/dessin.html", contexte)


@require_GET
def arbre_dessin_fichier(request: RequeteConnectee, pk: int, extension: str) -> HttpResponse:
    """`svg` : une seule image ; `pdf` : la vue d'ensemble, puis un axe par page, en A4."""
    arbre = lire_arbre(projet_lu(request, pk))
    if not arbre.axes or extension not in {"svg", "pdf"}:
        raise Http404("Il n'y a rien à dessiner sous ce nom.")
    document = _document(arbre)
    if extension == "pdf":
        return telecharger(document, "pdf")
    image = dessiner(arbre).replace("<svg ", '<svg font-family="Atkinson Hyperlegible Next, sans-serif" ', 1)
    return piece_jointe(image.encode(), nom_de_fichier(document.titre, "svg"), "image/svg+xml")


def _document(arbre: Arbre) -> Document:
    ensemble = Figure(
        svg=dessiner(arbre, avec_les_fiches=False),
        alt=decrire(arbre.axes),
        legende="L’arbre, sans ses fiches",
    )
    sections = [Section("Vue d’ensemble", (ensemble,))]
    for axe in arbre.axes:
        figure = Figure(svg=dessiner(arbre, [axe]), alt=_lu(axe), legende=f"Axe {axe.axe}")
        sections.append(Section(f"Axe {axe.axe}", (figure,)))
    pages = [replace(section, blocs=(*section.blocs, Saut())) for section in sections[:-1]]
    return Document(
        titre=f"Arbre d’objectifs : {arbre.projet}",
        auteur=arbre.projet.structure.nom,
        date=timezone.localdate(),
        sections=(*pages, sections[-1]),
    )


def _lu(axe: AxeLu) -> str:
    """Tout ce que l'image d'un axe montre, pour qui ne la voit pas."""
    phrases = [f"Axe {axe.axe}."]
    for enjeu in axe.enjeux:
        phrases += [f"Enjeu {enjeu.numero}, {enjeu.enjeu.titre}."] if enjeu.enjeu.titre else []
        for lu in enjeu.objectifs:
            fiches = " ; ".join(str(lue) for lue in lu.toutes())
            phrases.append(f"{lu.objectif.titre} : {fiches or 'pas encore de fiche'}.")
    phrases += [f"Sans objectif : {' ; '.join(map(str, axe.sans_objectif))}."] if axe.sans_objectif else []
    return " ".join(phrases)
