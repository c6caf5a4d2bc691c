"""Les heures données, sans aucun nom : le total par mission, celles de plusieurs personnes, celles d'une séance."""

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillage.activites.benevolat import (
    annee_de_benevolat,
    annee_demandee,
    annees_de_benevolat,
    exporter_les_heures,
)
from maillage.activites.choices import RoleDePresence
from maillage.activites.forms.benevoles import HeuresSansNomForm
from maillage.activites.models import HeuresDeBenevolat, Seance
from maillage.activites.operations.benevoles import (
    noter_des_heures,
    noter_les_heures_de_la_seance,
    retirer_des_heures,
)
from maillage.activites.permissions import peut_faire_la_feuille, peut_tenir_des_activites
from maillage.catalogue.exportation.formats import TYPES
from maillage.comptes.permissions import structures_de
from maillage.comptes.requete import RequeteConnectee
from maillage.core.ecriture import GesteRefuse
from maillage.core.francais import nombre
from maillage.personnes.permissions import peut_tenir_le_registre
from maillage.territoire.models import Structure

MONTREES = 12


@require_http_methods(["GET", "POST"])
def benevolat(request: RequeteConnectee) -> HttpResponse:
    structure = _structure(request)
    jour = timezone.localdate(timezone=structure.fuseau)
    form = HeuresSansNomForm(request.POST if request.method == "POST" else None, initial={"jour": jour})
    if request.method == "POST" and form.is_valid():
        lus = form.valeurs
        try:
            notees = noter_des_heures(
                structure,
                jour=lus["jour"],
                heures=lus["heures"] * lus["nombre"],
                mission=lus["mission"],
                nombre_de_personnes=lus["nombre"],
                par=request.user,
            )
        except GesteRefuse as refus:
            form.add_error(None, str(refus))
        else:
            retour = reverse("heures_retirer", args=[notees.pk])
            messages.success(request, f"{nombre(notees.heures)} h sont notées.", extra_tags=retour)
            return redirect(f"{reverse('benevolat')}?centre={structure.pk}")
    annees = annees_de_benevolat(structure)
    annee = annee_demandee(request.GET.get("annee", ""), annees)
    sans_nom = HeuresDeBenevolat.objects.filter(structure=structure, benevole=None, jour__year=annee)
    contexte = {
        "structure": structure,
        "annees": annees,
        "lue": annee_de_benevolat(structure, annee),
        "sans_nom": sans_nom.select_related("activite")[:MONTREES],
        "form": form,
        "tient_le_registre": peut_tenir_le_registre(request.user),
    }
    return render(request, "activites/benevoles/benevolat.html", contexte, status=422 if form.errors else 200)


@require_GET
def benevolat_fichier(request: RequeteConnectee, annee: int, extension: str) -> StreamingHttpResponse:
    if extension not in {"xlsx", "csv"} or not 2000 <= annee <= 2100:
        raise Http404("Ce fichier n'existe pas.")
    morceaux = exporter_les_heures(_structure(request), annee, extension)
    nom = f"benevolat-{annee}.{extension}"
    entetes = {"Content-Disposition": content_disposition_header(True, nom) or "attachment"}
    return StreamingHttpResponse(morceaux, content_type=TYPES[extension], headers=entetes)


@require_POST
def heures_retirer(request: RequeteConnectee, pk: int) -> HttpResponse:
    heures = get_object_or_404(HeuresDeBenevolat.objects.de_l_equipe(request.user), pk=pk)
    benevole, centre = heures.benevole_id, heures.structure_id
    retirer_des_heures(heures, par=request.user)
    messages.success(request, "Ces heures sont retirées.")
    return redirect("benevole", benevole) if benevole else redirect(f"{reverse('benevolat')}?centre={centre}")


@require_http_methods(["GET", "POST"])
def seance_benevolat(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Un geste : la durée de la séance pour chaque bénévole de la feuille. Aucun nom ne s'y lit."""
    seances = Seance.objects.de_l_equipe(request.user).avec_leur_activite()
    seance = get_object_or_404(seances.prefetch_related("activite__animateurs"), pk=pk)
    if not peut_faire_la_feuille(request.user, seance):
        raise Http404("Cette feuille n'est pas la vôtre.")
    if request.method == "POST":
        try:
            total = noter_les_heures_de_la_seance(seance, par=request.user)
            dit = (
                f"{nombre(total)} h de bénévolat sont notées."
                if total
                else "Les heures de la séance sont retirées."
            )
            messages.success(request, dit)
        except GesteRefuse as refus:
            messages.error(request, str(refus))
        return redirect("seance", seance.pk)
    contexte = {
        "seance": seance,
        "benevoles": seance.presences.filter(role=RoleDePresence.BENEVOLE).count(),
        "notees": sum(un.heures for un in seance.heures_de_benevolat.all()),
        "duree": (seance.fin - seance.debut).total_seconds() / 3600,
    }
    return render(request, "activites/benevoles/seance.html", contexte)


def _structure(request: RequeteConnectee) -> Structure:
    """Celle que nomme l'adresse, à défaut la première où la personne travaille."""
    if not peut_tenir_des_activites(request.user):
        raise Http404("Vous ne travaillez dans aucun centre.")
    siennes = Structure.objects.filter(pk__in=structures_de(request.user)).order_by("nom", "pk")
    voulu = request.GET.get("centre", "")
    choisie: Structure | None = next((une for une in siennes if str(une.pk) == voulu), siennes.first())
    if choisie is None:
        raise Http404("Ce centre n'existe pas.")
    return choisie
