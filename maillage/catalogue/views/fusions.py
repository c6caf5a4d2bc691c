"""Réunir deux fiches de la même action : la liste des doublons possibles, la comparaison, l'acte et son contraire."""

from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillage.catalogue.champs import CHAMPS, Champ, Valeur, lire_champs
from maillage.catalogue.choices import EtatPoint, GenrePoint
from maillage.catalogue.comparaison import comparer_champ
from maillage.catalogue.models import Experience, Fusion, PointAVerifier
from maillage.catalogue.operations.fusions import FusionImpossible, a_reunir, defaire_fusion, fusionner
from maillage.catalogue.permissions import peut_fusionner, peut_verifier
from maillage.comptes.requete import RequeteConnectee
from maillage.core.comparaison import Comparaison
from maillage.core.francais import compte
from maillage.core.versions import ConflitDeVersion

PAR_PAGE: Final = 20
RECENTES: Final = 10
ELLES_ONT_CHANGE = "Une des deux fiches vient de changer. Relisez la comparaison, puis recommencez."


@dataclass(frozen=True, slots=True)
class Difference:
    champ: Champ
    comparaison: Comparaison


@require_GET
def doublons(request: RequeteConnectee) -> HttpResponse:
    """Les paires que l'import a trouvées très proches, et les dernières réunies."""
    if not peut_verifier(request.user):
        raise Http404
    jugees = Experience.objects.jugees_par(request.user).publiees().order_by()
    points = (
        PointAVerifier.objects.filter(
            genre=GenrePoint.DOUBLON,
            etat=EtatPoint.A_VERIFIER,
            experience__in=jugees,
            proche_de__in=jugees,
        )
        .select_related("experience__structure", "proche_de__structure")
        .order_by("pk")
    )
    fusions = (
        Fusion.objects.filter(
            annulee_le=None, gardee__in=Experience.objects.jugees_par(request.user).order_by()
        )
        .select_related("gardee", "doublon", "par")
        .order_by("-le", "-pk")[:RECENTES]
    )
    page = Paginator(points, PAR_PAGE).get_page(request.GET.get("page"))
    return render(request, "catalogue/doublons.html", {"page": page, "fusions": fusions})


@require_http_methods(["GET", "POST"])
def doublon(request: RequeteConnectee, une: str, autre: str) -> HttpResponse:
    """Les deux fiches côte à côte : laquelle garder, ce qui sera réuni, puis l'acte."""
    fiches = _que_l_on_juge(request, une, autre)
    choisie = request.POST.get("gardee") or request.GET.get("gardee", "")
    gardee, reunie = _dans_l_ordre(fiches, choisie)
    if request.method == "POST":
        return _reunir(request, gardee, reunie)
    contexte = {
        "gardee": gardee,
        "reunie": reunie,
        "fiches": fiches,
        "differences": _differences(gardee, reunie),
        "apports": _apports(gardee, reunie),
        "ici": reverse("doublon", args=[une, autre]),
    }
    return render(request, "catalogue/doublon.html", contexte)


@require_POST
def fusion_defaire(request: RequeteConnectee, pk: int) -> HttpResponse:
    fusion = get_object_or_404(Fusion.objects.select_related("gardee", "doublon"), pk=pk)
    if not peut_fusionner(request.user, fusion.gardee, fusion.doublon):
        raise Http404
    try:
        defaire_fusion(fusion, par=request.user)
        messages.success(
            request, f"« {fusion.doublon.titre} » est de nouveau une fiche à part, telle qu’elle était."
        )
    except FusionImpossible as refus:
        messages.error(request, str(refus))
    except ConflitDeVersion:
        messages.error(request, ELLES_ONT_CHANGE)
    return redirect("doublons")


def _reunir(request: RequeteConnectee, gardee: Experience, reunie: Experience) -> HttpResponse:
    try:
        versions = (int(request.POST["version_gardee"]), int(request.POST["version_reunie"]))
        fusion = fusionner(gardee, reunie, par=request.user, versions=versions)
    except (FusionImpossible, ConflitDeVersion, KeyError, ValueError) as refus:
        messages.error(request, str(refus) if isinstance(refus, FusionImpossible) else ELLES_ONT_CHANGE)
        return redirect("doublon", gardee.code, reunie.code)
    messages.success(
        request,
        f"« {reunie.titre} » est réunie à « {gardee.titre} ». Son ancienne adresse y mène.",
        extra_tags=reverse("fusion_defaire", args=[fusion.pk]),
    )
    return redirect("doublons")


def _que_l_on_juge(request: RequeteConnectee, *codes: str) -> list[Experience]:
    """Les deux fiches, en ligne toutes les deux. Lève `Http404` si la personne ne peut pas les juger."""
    jugees = Experience.objects.jugees_par(request.user).publiees().completes()
    par_code = {fiche.code: fiche for fiche in jugees.filter(code__in=[code.lower() for code in codes])}
    if len(par_code) < len(codes):
        raise Http404("Une des deux fiches n'est pas à comparer ici.")
    return [par_code[code.lower()] for code in codes]


def _dans_l_ordre(fiches: list[Experience], choisie: str) -> tuple[Experience, Experience]:
    """(gardée, réunie). Sans choix, on propose de garder la plus remplie, et à égalité la plus ancienne."""
    if choisie not in {fiche.code for fiche in fiches}:
        longueurs = {
            fiche.pk: sum(len(str(valeur)) for valeur in lire_champs(fiche).values()) for fiche in fiches
        }
        gardee = max(fiches, key=lambda fiche: (longueurs[fiche.pk], -fiche.pk))
    else:
        gardee = next(fiche for fiche in fiches if fiche.code == choisie)
    return gardee, next(fiche for fiche in fiches if fiche.pk != gardee.pk)


def _differences(gardee: Experience, reunie: Experience) -> list[Difference]:
    """Les champs que les deux fiches n'écrivent pas pareil, dans l'ordre de la fiche."""
    siens, autres = lire_champs(gardee), lire_champs(reunie)
    return [
        Difference(CHAMPS[nom], comparer_champ(nom, siens[nom], autres[nom]))
        for nom in CHAMPS
        if _sans_espaces(siens[nom]) != _sans_espaces(autres[nom])
    ]


def _sans_espaces(valeur: Valeur) -> Valeur:
    return valeur.split() if isinstance(valeur, str) else valeur


def _apports(gardee: Experience, reunie: Experience) -> list[str]:
    """Ce que la fiche gardée recevra, en phrases courtes ; son adresse vient toujours."""
    venus = a_reunir(gardee, reunie)
    phrases = [f"L’adresse et le code « {reunie.code} » mèneront à la fiche gardée."]
    for libelle, noms in (("Partenaires", venus.partenaires), ("Mots des listes", venus.termes)):
        if noms:
            phrases.append(f"{libelle} : {', '.join(noms)}.")
    for nombre, mots in (
        (venus.sources, "bloc du catalogue national,blocs du catalogue national"),
        (venus.pieces, "image ou document,images ou documents"),
        (venus.commentaires, "commentaire"),
        (venus.utilites, "lecteur l’a trouvée utile,lecteurs l’ont trouvée utile"),
    ):
        if nombre:
            phrases.append(f"{compte(nombre, mots)}.")
    return phrases
