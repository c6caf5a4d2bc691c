"""Les gestes sur un passage. Le script du comptoir reçoit l'état en données ; sans lui, on revient au comptoir."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from maillage.accueil.forms.passages import NoterForm, PreciserForm, ReprendreForm
from maillage.accueil.lecture import etat_du_comptoir
from maillage.accueil.models import DemandeASuivre, Passage
from maillage.accueil.operations.passages import (
    PassageRefuse,
    annuler_passage,
    noter_passage,
    preciser_passage,
    reprendre_passage,
    retablir_passage,
)
from maillage.accueil.permissions import peut_suivre_les_demandes_de
from maillage.accueil.views.acces import centre_tenu
from maillage.accueil.views.comptoir import temoin_du_lieu
from maillage.comptes.requete import RequeteConnectee
from maillage.core.adresses import adresse_de_retour
from maillage.territoire.models import Structure

UN_AN = 365 * 24 * 3600


@require_POST
def passage_noter(request: RequeteConnectee, centre: int) -> HttpResponse:
    tenu = centre_tenu(request, centre)
    form = NoterForm(request.POST, centre=tenu)
    if not form.is_valid():
        return _refuser(request, tenu, _premiere_erreur(form))
    try:
        note = noter_passage(tenu, par=request.user, **form.cleaned_data)
    except PassageRefuse as refus:
        return _refuser(request, tenu, str(refus))
    reponse = _repondre(request, tenu)
    # Le lieu de cet appareil, pour la prochaine fois.
    reponse.set_cookie(
        temoin_du_lieu(tenu), str(note.site_id or ""), max_age=UN_AN, httponly=True, samesite="Lax"
    )
    return reponse


@require_http_methods(["GET", "POST"])
def passage(request: RequeteConnectee, centre: int, cle: UUID) -> HttpResponse:
    """Préciser ou corriger un passage : le dernier, ou un d'hier."""
    tenu = centre_tenu(request, centre)
    trouve = _passage(tenu, cle)
    envoi = request.POST if request.method == "POST" else None
    form = PreciserForm(envoi, centre=tenu, passage=trouve)
    if form.is_valid():
        valeurs = dict(form.cleaned_data)
        types = valeurs.pop("types")
        try:
            preciser_passage(trouve, valeurs, types=types, par=request.user)
        except PassageRefuse as refus:
            form.add_error("types", str(refus))
        else:
            return _repondre(request, tenu, "Le passage est précisé.")
    if envoi is not None and _attend_des_donnees(request):
        return _refuser(request, tenu, _premiere_erreur(form))
    contexte = {
        "centre": tenu,
        "passage": trouve,
        "form": form,
        "retour": _retour(request, tenu),
        "peut_suivre": peut_suivre_les_demandes_de(request.user, tenu),
        "suites": DemandeASuivre.objects.suivies_par(request.user).filter(passage=trouve),
    }
    return render(request, "accueil/passage.html", contexte, status=422 if form.errors else 200)


@require_POST
def passage_geste(request: RequeteConnectee, centre: int, cle: UUID, geste: str) -> HttpResponse:
    tenu = centre_tenu(request, centre)
    trouve = _passage(tenu, cle)
    if geste == "annuler":
        annuler_passage(trouve, par=request.user)
        retablir = reverse("passage_geste", args=[tenu.pk, cle, "retablir"])
        return _repondre(request, tenu, "Le passage est annulé.", defaire=retablir)
    if geste == "retablir":
        retablir_passage(trouve, par=request.user)
        return _repondre(request, tenu, "Le passage compte de nouveau.")
    if geste == "reprendre":
        return _reprendre(request, tenu, trouve)
    raise Http404("Ce geste n'existe pas.")


def _reprendre(request: RequeteConnectee, centre: Structure, passage: Passage) -> HttpResponse:
    form = ReprendreForm(request.POST)
    if not form.is_valid():
        return _refuser(
            request, centre, "Ce passage est arrivé incomplet. Rechargez la page, puis recommencez."
        )
    try:
        reprendre_passage(passage, par=request.user, **form.cleaned_data)
    except PassageRefuse as refus:
        return _refuser(request, centre, str(refus))
    return _repondre(request, centre, "Le même passage est compté une fois de plus.")


def _passage(centre: Structure, cle: UUID) -> Passage:
    siens = Passage.objects.filter(structure=centre).select_related("structure", "site", "oriente_vers")
    trouve: Passage = get_object_or_404(siens.prefetch_related("demandes__type"), cle=cle)
    return trouve


def _attend_des_donnees(request: HttpRequest) -> bool:
    return not request.accepts("text/html")


def _repondre(request: HttpRequest, centre: Structure, dit: str = "", *, defaire: str = "") -> HttpResponse:
    if _attend_des_donnees(request):
        return JsonResponse(etat_du_comptoir(centre).en_donnees)
    if dit:
        messages.success(request, dit, extra_tags=defaire)
    return HttpResponseRedirect(_retour(request, centre))


def _refuser(request: HttpRequest, centre: Structure, dit: str) -> HttpResponse:
    """Au script, un refus est définitif : il ne renvoie pas, il le dit."""
    if _attend_des_donnees(request):
        return JsonResponse({"refus": dit}, status=422)
    messages.error(request, dit)
    return HttpResponseRedirect(_retour(request, centre))


def _premiere_erreur(form: NoterForm | PreciserForm) -> str:
    return str(next(iter(form.errors.values()))[0])


def _retour(request: HttpRequest, centre: Structure) -> str:
    demandee = request.POST.get("retour") or request.GET.get("retour") or ""
    if demandee:
        return adresse_de_retour(demandee, sinon="comptoir")
    return reverse("comptoir_centre", args=[centre.pk])
