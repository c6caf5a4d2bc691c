"""Trouver un centre : la liste, la carte, le département."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from maillage.catalogue.models import Experience
from maillage.core.acces import publique
from maillage.core.listes import Demande, Facette, Liste, Tri, Valeur, rendre_liste
from maillage.portail import nombres
from maillage.portail.views.accueil import carte_d_experience
from maillage.territoire.choices import GenreStructure
from maillage.territoire.models import Departement, Structure
from maillage.territoire.recherche import Portee, Recherche, chercher_structures

EXPERIENCES_MONTREES = 6


@publique
@require_safe
def centres(request: HttpRequest) -> HttpResponse:
    """La liste d'abord, la carte ensuite. Tout est dans l'adresse."""
    demande = Demande.lire(request, cles=("departement", "genre"), tris=_tris(request.GET.get("q", "")))
    ouvertes = Structure.objects.ouvertes()
    recherche = chercher_structures(demande.q, ouvertes) if demande.q else None
    lignes = _lignes(demande, recherche)
    retenues = [ligne for ligne in lignes if _repond(ligne, demande)]
    page = retenues[demande.depart : demande.depart + demande.par_page]
    liste = Liste(
        demande,
        objets=_cartes([ligne["pk"] for ligne in page], recherche),
        total=len(retenues),
        facettes=_facettes(lignes, demande),
        compte="centre",
    )
    est_liste_entiere = not demande.q and not demande.nombre_choix and demande.page == 1
    return rendre_liste(
        request,
        "portail/centres.html",
        liste,
        {
            "recherche": recherche,
            "explication": _explication(recherche),
            "lieux": nombres.lieux_de_la_carte(nombres.centres_par_departement(), "departement")
            if est_liste_entiere
            else [],
        },
    )


@publique
@require_safe
def departement(request: HttpRequest, code: str) -> HttpResponse:
    """Ce qui se passe dans un département : ses centres, ses expériences."""
    lieu = Departement.objects.select_related("region").filter(code=code.upper()).first()
    if lieu is None:
        raise Http404("Aucun département n'a ce code.")
    if code != code.lower():
        return HttpResponsePermanentRedirect(reverse("departement", args=[code.lower()]))
    structures = Structure.objects.ouvertes().filter(departement=lieu).order_by("nom", "pk")
    publiees = Experience.objects.publiees().filter(structure__departement=lieu)
    return render(
        request,
        "portail/departement.html",
        {
            "departement": lieu,
            "centres": _cartes(structures.values_list("pk", flat=True), None),
            "experiences": [carte_d_experience(fiche) for fiche in publiees.dernieres(EXPERIENCES_MONTREES)],
            "nombre_experiences": publiees.count(),
            "voisins": Departement.objects.filter(region=lieu.region).exclude(pk=lieu.pk).order_by("code"),
        },
    )


@publique
@require_safe
def aller_au_departement(request: HttpRequest) -> HttpResponse:
    """Le menu de l'accueil mène ici ; sans choix, à la liste des centres et sa carte."""
    lieu = Departement.objects.filter(code=request.GET.get("code", "").upper()).first()
    if lieu is None:
        return HttpResponseRedirect(reverse("centres"))
    return HttpResponseRedirect(reverse("departement", args=[lieu.code.lower()]))


def _tris(q: str) -> tuple[Tri, ...]:
    tris = (Tri("nom", "Nom"), Tri("ville", "Ville"))
    return (Tri("justesse", "Les plus justes d’abord"), *tris) if q.strip() else tris


def _lignes(demande: Demande, recherche: Recherche | None) -> list[dict[str, Any]]:
    """Toutes les structures qui répondent au texte, légères et dans l'ordre demandé : 4 000 au plus."""
    structures = Structure.objects.ouvertes()
    lignes = list(
        structures.order_by("nom", "pk").values("pk", "nom", "genre", "departement_id", "commune__nom")
    )
    if recherche is not None:
        rangs = {trouvee.structure_id: rang for rang, trouvee in enumerate(recherche.trouvees)}
        lignes = [ligne for ligne in lignes if ligne["pk"] in rangs]
        if demande.tri == "justesse":
            lignes.sort(key=lambda ligne: rangs[ligne["pk"]])
    if demande.tri == "ville":
        lignes.sort(key=lambda ligne: (ligne["commune__nom"] is None, ligne["commune__nom"] or ""))
    return lignes


def _repond(ligne: dict[str, Any], demande: Demande, sauf: str = "") -> bool:
    return all(
        cle == sauf or str(ligne["departement_id"] if cle == "departement" else ligne[cle]).lower() in valeurs
        for cle, valeurs in demande.choix.items()
    )


def _facettes(lignes: list[dict[str, Any]], demande: Demande) -> list[Facette]:
    """Nombres exacts : chaque facette se compte sans son propre filtre."""
    departements = Counter(
        ligne["departement_id"] for ligne in lignes if _repond(ligne, demande, sauf="departement")
    )
    genres = Counter(ligne["genre"] for ligne in lignes if _repond(ligne, demande, sauf="genre"))
    noms = {d.code: d.nom for d in nombres.departements()}
    connus = sorted(code for code in departements if code)
    return [
        Facette(
            "departement",
            "Département",
            [Valeur(code.lower(), f"{noms[code]} ({code})", departements[code]) for code in connus],
            visibles=8,
        ),
        Facette(
            "genre",
            "Sorte de structure",
            [
                Valeur(genre.value, str(genre.label), genres[genre])
                for genre in GenreStructure
                if genres[genre]
            ],
        ),
    ]


def _cartes(pks: Iterable[int], recherche: Recherche | None) -> list[dict[str, Any]]:
    """Les structures dans cet ordre, avec leurs lieux et leur état à cet instant."""
    ordre = list(pks)
    structures = (
        Structure.objects.filter(pk__in=ordre)
        .select_related("departement", "commune")
        .prefetch_related("sites__fermetures", "sites__commune")
        .in_bulk()
    )
    maintenant = timezone.now()
    raisons = recherche.raisons if recherche else {}
    cartes = []
    for pk in ordre:
        structure = structures[pk]
        principal = next(iter(structure.sites.all()), None)
        cartes.append(
            {
                "structure": structure,
                "site": principal,
                "autres_lieux": max(0, len(structure.sites.all()) - 1),
                "etat": principal.etat(maintenant) if principal else None,
                "raison": raisons.get(pk, ""),
            }
        )
    return cartes


def _explication(recherche: Recherche | None) -> str:
    """Ce qu'il faut savoir pour lire la réponse : où l'on a dû chercher."""
    if recherche is None:
        return ""
    lieu = recherche.commune
    if recherche.portee is Portee.COMMUNE and lieu:
        return f"Ces centres accueillent les habitants de {lieu.nom}. Aucun n’a cité cette adresse précise."
    if recherche.portee is Portee.INTERCOMMUNALITE and lieu and lieu.epci:
        return f"Aucun centre connu à {lieu.nom}. Voici ceux de la même intercommunalité ({lieu.epci.nom})."
    if recherche.portee is Portee.DEPARTEMENT and lieu:
        return (
            f"Aucun centre connu près de {lieu.nom}. Voici ceux du même département ({lieu.departement.nom})."
        )
    return ""
