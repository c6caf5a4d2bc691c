"""La mémoire du projet : ce qui a été tenté, ce qu'il en reste, et pourquoi. On y cherche, on y filtre."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from maillage.catalogue.exportation import TYPES
from maillage.comptes.requete import RequeteConnectee
from maillage.core.documents.telechargement import nom_de_fichier
from maillage.core.listes import Demande, Facette, Liste, Valeur
from maillage.projets.exportation.memoire import exporter_memoire
from maillage.projets.memoire import DEVENIRS, Memoire, Souvenir, lire_memoire
from maillage.projets.views.acces import projet_lu

CLES: Final = ("devenir", "axe", "annee")
FORMATS: Final = ("xlsx", "csv")
SANS_AXE: Final = "sans"
PAR_PAGE: Final = 50
LUES: Final[dict[str, Callable[[Souvenir], set[str]]]] = {
    "devenir": lambda souvenir: {souvenir.devenir},
    "axe": lambda souvenir: {str(souvenir.fiche.axe_id or SANS_AXE)},
    "annee": lambda souvenir: {str(annee) for annee in souvenir.annees},
}
"""Facette → ce qu'un souvenir en porte."""


@require_GET
def memoire(request: RequeteConnectee, pk: int) -> HttpResponse:
    projet = projet_lu(request, pk)
    lue = lire_memoire(projet, est_dehors=False)
    demande = Demande.lire(request, cles=CLES, par_page=PAR_PAGE)
    trouves = _choisis(lue, demande)
    liste = Liste(
        demande,
        objets=trouves[demande.depart :][:PAR_PAGE],
        total=len(trouves),
        facettes=_facettes(lue, demande),
        compte="action",
    )
    contexte = {
        "projet": projet,
        "memoire": lue,
        "liste": liste,
        "parametres": request.GET.urlencode(),
        "avant": projet.suite_de,
    }
    reponse = render(request, "projets/evaluation/memoire.html", contexte)
    patch_vary_headers(reponse, ["HX-Request"])
    return reponse


@require_GET
def memoire_fichier(request: RequeteConnectee, pk: int, extension: str) -> StreamingHttpResponse:
    """Les actions que la page montre, dans un tableur."""
    projet = projet_lu(request, pk)
    if extension not in FORMATS:
        raise Http404("Ce format n'existe pas.")
    trouves = _choisis(lire_memoire(projet, est_dehors=False), Demande.lire(request, cles=CLES))
    nom = nom_de_fichier(f"Mémoire, {projet.nom}", extension)
    return StreamingHttpResponse(
        exporter_memoire(trouves, extension),
        content_type=TYPES[extension],
        headers={"Content-Disposition": content_disposition_header(True, nom) or "attachment"},
    )


def _convient(souvenir: Souvenir, demande: Demande, sauf: str = "") -> bool:
    mots = demande.q.casefold().split()
    return all(mot in souvenir.mots for mot in mots) and all(
        LUES[facette](souvenir) & set(valeurs)
        for facette, valeurs in demande.choix.items()
        if facette != sauf
    )


def _choisis(lue: Memoire, demande: Demande) -> list[Souvenir]:
    return [souvenir for souvenir in lue.souvenirs if _convient(souvenir, demande)]


def _facettes(lue: Memoire, demande: Demande) -> Sequence[Facette]:
    """Chaque valeur avec le nombre d'actions qu'elle donnerait."""
    axes = [(str(axe.pk), str(axe)) for axe in lue.axes] + [(SANS_AXE, "À ranger")]
    annees = sorted({annee for souvenir in lue.souvenirs for annee in souvenir.annees})
    choix = {
        "devenir": ("Ce qu’elle est devenue", [(cle, dits[0]) for cle, dits in DEVENIRS.items()]),
        "axe": ("Axe", axes),
        "annee": ("Année", [(str(annee), str(annee)) for annee in annees]),
    }
    facettes = []
    for cle, (libelle, valeurs) in choix.items():
        lire = LUES[cle]
        nombres = Counter(v for s in lue.souvenirs if _convient(s, demande, sauf=cle) for v in lire(s))
        presentes = {v for s in lue.souvenirs for v in lire(s)}
        facettes.append(
            Facette(cle, libelle, [Valeur(v, dit, nombres[v]) for v, dit in valeurs if v in presentes])
        )
    return facettes
