"""Les demandes à suivre. Un prénom s'y lit : second facteur, sauf pour le rappel d'« Aujourd'hui »."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from maillage.accueil.choices import EtatSuivi
from maillage.accueil.forms.suivi import CloreForm, DemandeASuivreForm
from maillage.accueil.models import DemandeASuivre, Passage
from maillage.accueil.operations.suivi import (
    clore_demande,
    modifier_demande_a_suivre,
    rouvrir_demande,
    suivre_demande,
)
from maillage.accueil.permissions import peut_suivre_des_demandes, peut_suivre_les_demandes_de
from maillage.accueil.temps import aujourd_hui
from maillage.accueil.views.acces import centre_tenu
from maillage.comptes.nominatif import nominative
from maillage.comptes.requete import RequeteConnectee
from maillage.core.ecriture import GesteRefuse
from maillage.core.versions import ConflitDeVersion
from maillage.territoire.models import Structure

CLOSES_MONTREES = 20
CHANGEE = "Quelqu’un a changé cette demande pendant que vous écriviez. Relisez-la ici."


def du_registre(vue: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """Le centre d'abord : à qui n'y tient pas le registre, la page n'existe pas, second facteur ou non."""
    nommee = nominative(vue)

    @wraps(vue)
    def gardee(request: RequeteConnectee, centre: int, **autres: object) -> HttpResponseBase:
        tenu = centre_tenu(request, centre)
        if not peut_suivre_les_demandes_de(request.user, tenu):
            raise Http404("Ces demandes ne se lisent pas.")
        return nommee(request, tenu, **autres)

    gardee.est_nominative = True  # type: ignore[attr-defined]
    return gardee


@require_GET
@du_registre
def demandes_a_suivre(request: RequeteConnectee, centre: Structure) -> HttpResponse:
    """Les retards en tête, puis par date ; les dernières closes dessous."""
    siennes = DemandeASuivre.objects.suivies_par(request.user).filter(structure=centre)
    closes = siennes.exclude(etat=EtatSuivi.OUVERT).select_related("responsable").order_by("-close_le", "-pk")
    contexte = {
        "centre": centre,
        "ouvertes": list(siennes.ouvertes().select_related("responsable")),
        "closes": closes[:CLOSES_MONTREES],
        "jour": aujourd_hui(centre),
    }
    return render(request, "accueil/a_suivre.html", contexte)


@require_http_methods(["GET", "POST"])
@du_registre
def demande_a_suivre_nouvelle(request: RequeteConnectee, centre: Structure) -> HttpResponse:
    """Venue d'un passage (`?passage=`), elle ramène au comptoir ; sinon, à la liste."""
    envoi = request.POST if request.method == "POST" else None
    passage = _passage(centre, (envoi or request.GET).get("passage", ""))
    form = DemandeASuivreForm(
        envoi, centre=centre, initial={"passage": passage.cle, "objet": f"{passage} : "} if passage else None
    )
    retour = reverse("comptoir_centre" if passage else "demandes_a_suivre", args=[centre.pk])
    if form.is_valid():
        suivre_demande(centre, par=request.user, **form.valeurs)
        messages.success(request, "La demande est à suivre.")
        return redirect(retour)
    contexte = {
        "centre": centre,
        "form": form,
        "titre": "Suivre une demande",
        "passage": passage,
        "retour": retour,
    }
    return render(request, "accueil/demande_a_suivre.html", contexte, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@du_registre
def demande_a_suivre(request: RequeteConnectee, centre: Structure, pk: int) -> HttpResponse:
    suivie = _suivie(request, centre, pk)
    form = DemandeASuivreForm(
        request.POST if request.method == "POST" else None, centre=centre, suivie=suivie
    )
    if form.is_valid():
        try:
            modifier_demande_a_suivre(suivie, form.valeurs, version_lue=form.version_lue, par=request.user)
        except ConflitDeVersion:
            messages.warning(request, CHANGEE)
            return redirect("demande_a_suivre", centre.pk, pk)
        messages.success(request, "La demande est enregistrée.")
        return redirect("demandes_a_suivre", centre.pk)
    clore = CloreForm(initial={"version": suivie.version})
    return _montrer(request, centre, suivie, form, clore, status=422 if form.errors else 200)


@require_http_methods(["POST"])
@du_registre
def demande_a_suivre_geste(request: RequeteConnectee, centre: Structure, pk: int, geste: str) -> HttpResponse:
    suivie = _suivie(request, centre, pk)
    if geste == "clore":
        clore = CloreForm(request.POST)
        if not clore.is_valid():
            return _montrer(
                request, centre, suivie, DemandeASuivreForm(centre=centre, suivie=suivie), clore, status=422
            )
        lus = clore.valeurs
        return _agir(
            request,
            suivie,
            "La demande est close. Le prénom et le contact s’effaceront dans trois mois.",
            lambda: clore_demande(
                suivie,
                etat=EtatSuivi(lus["etat"]),
                issue=lus["issue"],
                version_lue=clore.version_lue,
                par=request.user,
            ),
        )
    if geste == "rouvrir":
        return _agir(
            request,
            suivie,
            "La demande est de nouveau à suivre.",
            lambda: rouvrir_demande(suivie, version_lue=suivie.version, par=request.user),
        )
    raise Http404("Ce geste n'existe pas.")


@require_GET
def demandes_du_jour(request: RequeteConnectee) -> HttpResponse:
    """« Aujourd'hui » : ce qu'il est temps de faire, sans prénom ni contact."""
    if not peut_suivre_des_demandes(request.user):
        raise Http404("Aucune demande à suivre.")
    jour = timezone.localdate()
    dues = DemandeASuivre.objects.suivies_par(request.user).a_faire(jour).select_related("responsable")
    return render(request, "accueil/du_jour.html", {"dues": dues, "jour": jour})


def _passage(centre: Structure, cle: str) -> Passage | None:
    """Rien quand la clé n'est pas d'un passage d'ici : on suit la demande quand même."""
    try:
        lue = UUID(cle)
    except ValueError:
        return None
    siens = Passage.objects.filter(structure=centre).prefetch_related("demandes__type")
    trouve: Passage | None = siens.filter(cle=lue).first()
    return trouve


def _suivie(request: RequeteConnectee, centre: Structure, pk: int) -> DemandeASuivre:
    siennes = DemandeASuivre.objects.suivies_par(request.user).filter(structure=centre)
    siennes = siennes.select_related("passage__structure").prefetch_related("passage__demandes__type")
    trouvee: DemandeASuivre = get_object_or_404(siennes, pk=pk)
    return trouvee


def _agir(
    request: RequeteConnectee, suivie: DemandeASuivre, dit: str, acte: Callable[[], None]
) -> HttpResponse:
    try:
        acte()
        messages.success(request, dit)
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    except ConflitDeVersion:
        messages.warning(request, CHANGEE)
        return redirect("demande_a_suivre", suivie.structure_id, suivie.pk)
    return redirect("demandes_a_suivre", suivie.structure_id)


def _montrer(
    request: RequeteConnectee,
    centre: Structure,
    suivie: DemandeASuivre,
    form: DemandeASuivreForm,
    clore: CloreForm,
    *,
    status: int,
) -> HttpResponse:
    contexte = {
        "centre": centre,
        "suivie": suivie,
        "form": form,
        "clore": clore,
        "titre": "Une demande à suivre",
        "passage": suivie.passage,
        "retour": reverse("demandes_a_suivre", args=[centre.pk]),
    }
    return render(request, "accueil/demande_a_suivre.html", contexte, status=status)
