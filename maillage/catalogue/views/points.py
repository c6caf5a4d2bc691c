"""Les points à vérifier : ce que l'import a repéré, avec les mots autour, et un geste par point."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from maillage.catalogue.choices import EtatPoint, GenrePoint
from maillage.catalogue.models import Experience, PointAVerifier
from maillage.catalogue.operations.points import ecarter_point, rouvrir_point, traiter_point
from maillage.catalogue.permissions import peut_verifier
from maillage.core.adresses import adresse_de_retour

GESTES = {"traiter": traiter_point, "ecarter": ecarter_point, "rouvrir": rouvrir_point}
# Ce que « traiter » et « écarter » veulent dire pour chaque genre.
LIBELLES = {
    GenrePoint.TELEPHONE: ("Garder masqué", "Afficher"),
    GenrePoint.COURRIEL: ("Garder masqué", "Afficher"),
    GenrePoint.NIR: ("Garder masqué", "Afficher"),
    GenrePoint.IBAN: ("Garder masqué", "Afficher"),
    GenrePoint.PERSONNE: ("Signalé au centre", "Rien à signaler"),
    GenrePoint.DOUBLON: ("C’est un doublon", "Deux expériences"),
    GenrePoint.VALEUR_INCONNUE: ("Valeur corrigée", "Valeur juste"),
}
PAR_PAGE = 25
MOTS_AUTOUR = 90  # caractères montrés de chaque côté


@dataclass(frozen=True, slots=True)
class PointMontre:
    """Un point et les mots qui l'entourent, pour juger sans ouvrir la fiche."""

    point: PointAVerifier
    champ: str
    avant: str
    apres: str

    @property
    def libelles(self) -> tuple[str, str]:
        return LIBELLES[GenrePoint(self.point.genre)]


def _montrer(point: PointAVerifier) -> PointMontre:
    if not point.champ or point.debut is None or point.fin is None:
        return PointMontre(point, "", "", "")
    texte: str = getattr(point.experience, point.champ)
    champ = str(getattr(Experience._meta.get_field(point.champ), "verbose_name", ""))
    return PointMontre(point, champ, _fin(texte[: point.debut]), _debut(texte[point.fin :]))


def _fin(texte: str) -> str:
    """Les derniers mots, entiers."""
    if len(texte) <= MOTS_AUTOUR:
        return texte
    return "… " + texte[-MOTS_AUTOUR:].partition(" ")[2]


def _debut(texte: str) -> str:
    """Les premiers mots, entiers."""
    if len(texte) <= MOTS_AUTOUR:
        return texte
    return texte[:MOTS_AUTOUR].rpartition(" ")[0] + " …"


def _phrase(point: PointAVerifier) -> str:
    """Ce qui vient d'être fait, et comment y revenir."""
    titre = point.experience.titre
    if point.etat == EtatPoint.A_VERIFIER:
        return f"Un point de « {titre} » est de nouveau à vérifier."
    fait = LIBELLES[GenrePoint(point.genre)][point.etat == EtatPoint.ECARTE]
    etat = EtatPoint(point.etat).label
    return f"« {fait} » est noté pour « {titre} ». Vous pouvez y revenir : il est dans l’état « {etat} »."


@require_GET
def points(request: HttpRequest) -> HttpResponse:
    """Liste filtrée par genre et par état ; par défaut, ce que personne n'a encore regardé."""
    if not peut_verifier(request.user):
        raise Http404
    genre = request.GET.get("genre", "")
    etat = request.GET.get("etat", EtatPoint.A_VERIFIER)
    choisis = PointAVerifier.objects.select_related("experience__structure", "proche_de__structure")
    if genre in GenrePoint.values:
        choisis = choisis.filter(genre=genre)
    if etat in EtatPoint.values:
        choisis = choisis.filter(etat=etat)
    page = Paginator(choisis.order_by("experience_id", "pk"), PAR_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "catalogue/points.html",
        {
            "page": page,
            "points": [_montrer(point) for point in page],
            "genres": GenrePoint.choices,
            "etats": EtatPoint.choices,
            "genre": genre,
            "etat": etat,
        },
    )


@require_POST
def agir_sur_un_point(request: HttpRequest, pk: int, geste: str) -> HttpResponse:
    """Un geste, puis retour à la liste, filtres gardés."""
    if not peut_verifier(request.user) or geste not in GESTES:
        raise Http404
    point = get_object_or_404(PointAVerifier.objects.select_related("experience"), pk=pk)
    GESTES[geste](point, par=request.user)
    messages.success(request, _phrase(point))
    return redirect(adresse_de_retour(request.POST.get("retour", ""), sinon="points"))
