"""Les bénévoles que l'on connaît par leur nom : la liste, s'engager, ses heures, ses formations, son attestation."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet, Sum
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillage.activites.benevolat import attestation
from maillage.activites.forms.benevoles import EngagementForm, FinForm, FormationForm, HeuresForm
from maillage.activites.models import Benevole, FormationDeBenevole
from maillage.activites.operations.benevoles import (
    engager_benevole,
    modifier_l_engagement,
    noter_des_heures,
    noter_une_formation,
    retirer_une_formation,
)
from maillage.comptes.nominatif import nominative
from maillage.comptes.permissions import structures_du_registre
from maillage.comptes.requete import RequeteConnectee
from maillage.core.conflits import Ecart, relire
from maillage.core.documents.telechargement import telecharger
from maillage.core.ecriture import GesteRefuse
from maillage.core.saisie import une_ligne
from maillage.core.versions import ConflitDeVersion
from maillage.personnes.models import Personne
from maillage.personnes.permissions import peut_tenir_le_registre
from maillage.personnes.recherche import chercher_personnes
from maillage.territoire.models import Structure

MONTREES = 20


@nominative
@require_GET
def benevoles(request: RequeteConnectee) -> HttpResponse:
    """Ceux d'aujourd'hui, leurs heures de l'année ; les anciens, à la demande."""
    if not peut_tenir_le_registre(request.user):
        raise Http404
    centres = Structure.objects.filter(pk__in=structures_du_registre(request.user)).order_by("pk")
    jours = {centre.pk: timezone.localdate(timezone=centre.fuseau) for centre in centres}
    annee = max((jour.year for jour in jours.values()), default=timezone.localdate().year)
    anciens, en_cours = "anciens" in request.GET, Q(jusqu_au=None)
    for centre, jour in jours.items():
        en_cours |= Q(structure=centre, jusqu_au__gte=jour)
    siens = Benevole.objects.du_registre(request.user).filter(~en_cours if anciens else en_cours)
    heures = Sum("heures__heures", filter=Q(heures__jour__year=annee))
    contexte = {
        "benevoles": siens.select_related("personne", "structure")
        .annotate(cette_annee=heures)
        .order_by("personne__nom", "personne__prenom", "pk"),
        "anciens": anciens,
        "annee": annee,
    }
    return render(request, "activites/benevoles/liste.html", contexte)


@nominative
@require_http_methods(["GET", "POST"])
def benevole_nouveau(request: RequeteConnectee) -> HttpResponse:
    """Chercher la personne au registre, puis dire ce qu'elle propose."""
    if not peut_tenir_le_registre(request.user):
        raise Http404
    siennes = Personne.objects.du_registre(request.user).presentes()
    numero = request.GET.get("personne", "")
    personne = siennes.filter(pk=int(numero)).first() if numero.isdecimal() and len(numero) < 19 else None
    initiales = {"depuis": timezone.localdate(timezone=personne.structure.fuseau)} if personne else {}
    form = EngagementForm(request.POST if request.method == "POST" else None, initial=initiales)
    if request.method == "POST" and personne is not None and form.is_valid():
        try:
            nee = engager_benevole(personne, form.valeurs, par=request.user)
        except ValidationError as refus:
            form.add_error(None, refus)
        except GesteRefuse as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "La personne est bénévole. Ses heures se notent ici.")
            return redirect("benevole", nee.pk)
    q = une_ligne(request.GET.get("q", ""), 80)
    contexte = {
        "personne": personne,
        "form": form,
        "q": q,
        "trouvees": chercher_personnes(siennes, q, au_plus=MONTREES) if q else [],
    }
    return render(request, "activites/benevoles/nouveau.html", contexte, status=422 if form.errors else 200)


@nominative
@require_GET
def benevole(request: RequeteConnectee, pk: int) -> HttpResponse:
    return _montrer(request, _benevole(request, pk))


@nominative
@require_http_methods(["GET", "POST"])
def benevole_modifier(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Missions, disponibilités, et la fin de l'engagement."""
    lu = _benevole(request, pk)
    initiales = FinForm.initiales(lu)
    form = FinForm(request.POST if request.method == "POST" else None, initial=initiales)
    ecarts: list[Ecart] = []
    if request.method == "POST" and form.is_valid():
        try:
            modifier_l_engagement(lu, form.valeurs, version_lue=form.version_lue, par=request.user)
        except ConflitDeVersion:
            actuelles = {nom: valeur for nom, valeur in initiales.items() if nom != "version"}
            ecarts = relire(form, actuelles, lu.version)
        except GesteRefuse as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "L’engagement est enregistré.")
            return redirect("benevole", lu.pk)
    contexte = {"benevole": lu, "form": form, "ecarts": ecarts}
    return render(request, "activites/benevoles/modifier.html", contexte, status=422 if form.errors else 200)


@nominative
@require_POST
def benevole_heures(request: RequeteConnectee, pk: int) -> HttpResponse:
    lu = _benevole(request, pk)
    form = HeuresForm(request.POST)
    if form.is_valid():
        try:
            noter_des_heures(lu.structure, benevole=lu, par=request.user, **form.valeurs)
        except GesteRefuse as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "Les heures sont notées.")
            return redirect("benevole", lu.pk)
    return _montrer(request, lu, heures=form)


@nominative
@require_POST
def benevole_formation(request: RequeteConnectee, pk: int) -> HttpResponse:
    lu = _benevole(request, pk)
    form = FormationForm(request.POST)
    if form.is_valid():
        noter_une_formation(lu, form.cleaned_data, par=request.user)
        messages.success(request, "La formation est notée.")
        return redirect("benevole", lu.pk)
    return _montrer(request, lu, formation=form)


@nominative
@require_POST
def formation_retirer(request: RequeteConnectee, pk: int) -> HttpResponse:
    siens = Benevole.objects.du_registre(request.user)
    formation = get_object_or_404(FormationDeBenevole, pk=pk, benevole__in=siens)
    retirer_une_formation(formation, par=request.user)
    messages.success(request, "La formation est retirée.")
    return redirect("benevole", formation.benevole_id)


@nominative
@require_GET
def benevole_attestation(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Le PDF que la personne emporte."""
    return telecharger(attestation(_benevole(request, pk)), "pdf")


def _montrer(request: RequeteConnectee, lu: Benevole, **forms: Any) -> HttpResponse:
    notees = lu.heures.select_related("activite")
    initiales = {"jour": timezone.localdate(timezone=lu.structure.fuseau)}
    contexte = {
        "benevole": lu,
        "total": notees.aggregate(total=Sum("heures"))["total"] or 0,
        "heures": notees[:MONTREES],
        "autres": max(0, notees.count() - MONTREES),
        "formations": lu.formations.all(),
        "form_heures": forms.get("heures") or HeuresForm(auto_id="heures_%s", initial=initiales),
        "form_formation": forms.get("formation") or FormationForm(auto_id="formation_%s", initial=initiales),
    }
    return render(request, "activites/benevoles/benevole.html", contexte, status=422 if forms else 200)


def _benevole(request: RequeteConnectee, pk: int) -> Benevole:
    siens: QuerySet[Benevole] = Benevole.objects.du_registre(request.user)
    lu: Benevole = get_object_or_404(siens.select_related("personne", "structure"), pk=pk)
    return lu
