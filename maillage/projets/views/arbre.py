"""L'arbre : le lire, y déplacer une branche, défaire et refaire."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from maillage.comptes.requete import RequeteConnectee
from maillage.core.saisie import une_ligne
from maillage.projets.models import Axe, Enjeu, FicheAction, Objectif, ProjetSocial
from maillage.projets.operations.arbre import Noeud, Place, decaler, deplacer
from maillage.projets.operations.gestes import (
    ArbreRefuse,
    defaire_geste,
    gestes_de,
    refaire_geste,
)
from maillage.projets.permissions import peut_ecrire_le_projet
from maillage.projets.views.acces import projet_lu, projet_tenu
from maillage.projets.vue_de_l_arbre import VueDeLArbre

LONGUEUR_MAX = 100
CHEMINS: dict[str, tuple[type[Axe | Enjeu | Objectif | FicheAction], str, tuple[str, ...]]] = {
    "axe": (Axe, "projet", ("projet",)),
    "enjeu": (Enjeu, "axe__projet", ("axe__projet",)),
    "objectif": (Objectif, "enjeu__axe__projet", ("enjeu__axe__projet", "parent")),
    "fiche": (FicheAction, "projet", ("projet", "axe", "objectif")),
}


@require_GET
def arbre(request: RequeteConnectee, pk: int) -> HttpResponse:
    projet = projet_lu(request, pk)
    vue = VueDeLArbre.lire(
        projet,
        q=une_ligne(request.GET.get("q", ""), LONGUEUR_MAX),
        specifique=request.GET.get("projet", ""),
        ouvrir=request.GET.get("ouvrir") == "tout",
    )
    peut_ecrire = peut_ecrire_le_projet(request.user, projet)
    a_defaire, a_refaire = gestes_de(projet, request.user) if peut_ecrire else (None, None)
    contexte = {
        "projet": projet,
        "vue": vue,
        "axes": vue.axes(),
        "peut_ecrire": peut_ecrire,
        "a_defaire": a_defaire,
        "a_refaire": a_refaire,
    }
    return render(request, "projets/arbre/arbre.html", contexte)


@require_POST
def arbre_deplacer(request: RequeteConnectee, pk: int) -> HttpResponse:
    """`noeud` et `sens` (-1, 1), ou `noeud`, `sous` et `place`. Revient à l'arbre, sur la branche."""
    projet = projet_tenu(request, pk)
    if not request.POST.get("noeud"):
        messages.error(request, "Choisissez la branche à déplacer.")
        return retour(projet)
    noeud = lire_noeud(projet, request.POST["noeud"])
    try:
        if request.POST.get("sens") in {"-1", "1"}:
            decaler(noeud, int(request.POST["sens"]), par=request.user)
        else:
            place = request.POST.get("place", "")
            sous = lire_place(projet, request.POST.get("sous", ""))
            deplacer(
                noeud, sous, int(place) if place.isdecimal() and len(place) < 10 else None, par=request.user
            )
    except ArbreRefuse as refus:
        messages.error(request, str(refus))
    else:
        dire_le_geste(request, projet, f"« {noeud} » a sa nouvelle place.")
    return retour(projet, request.POST.get("noeud", ""))


@require_POST
def arbre_defaire(request: RequeteConnectee, pk: int) -> HttpResponse:
    projet = projet_tenu(request, pk)
    try:
        fait = defaire_geste(projet, par=request.user)
    except ArbreRefuse as refus:
        messages.error(request, str(refus))
    else:
        messages.info(request, f"Défait : {fait.ligne.phrase}" if fait else "Il n’y a rien à défaire.")
    return retour(projet)


@require_POST
def arbre_refaire(request: RequeteConnectee, pk: int) -> HttpResponse:
    projet = projet_tenu(request, pk)
    try:
        defait = refaire_geste(projet, par=request.user)
    except ArbreRefuse as refus:
        messages.error(request, str(refus))
    else:
        messages.info(request, f"Refait : {defait.ligne.phrase}" if defait else "Il n’y a rien à refaire.")
    return retour(projet)


# --- Ce que partagent les pages de l'arbre ---------------------------------------------------------


def lire_noeud(projet: ProjetSocial, cle: str) -> Noeud:
    """« fiche-12 » de ce projet, sinon 404."""
    genre, _, pk = cle.partition("-")
    if genre not in CHEMINS or not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        raise Http404("Cette branche n'existe pas.")
    modele, chemin, avec = CHEMINS[genre]
    noeuds = modele._default_manager.filter(**{chemin: projet}).select_related(*avec)
    return get_object_or_404(noeuds, pk=int(pk))


def lire_place(projet: ProjetSocial, cle: str) -> Place:
    place = projet if cle == "projet" else lire_noeud(projet, cle)
    if isinstance(place, FicheAction):
        raise Http404("Rien ne se range sous une fiche.")
    return place


def retour(projet: ProjetSocial, ancre: str = "") -> HttpResponse:
    adresse = reverse("arbre", args=[projet.pk])
    return redirect(f"{adresse}#{ancre}" if ancre and ancre.isascii() and ancre.isprintable() else adresse)


def dire_le_geste(request: RequeteConnectee, projet: ProjetSocial, mots: str) -> None:
    """Le message offre d'annuler."""
    messages.success(request, mots, extra_tags=reverse("arbre_defaire", args=[projet.pk]))
