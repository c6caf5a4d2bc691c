"""Le cadre d'un projet : l'ouvrir, le modifier, son territoire."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillage.comptes.permissions import structures_dirigees
from maillage.comptes.requete import RequeteConnectee
from maillage.core.conflits import Ecart, relire
from maillage.core.ecriture import GesteRefuse
from maillage.core.saisie import une_ligne
from maillage.core.versions import ConflitDeVersion
from maillage.projets.forms.cadre import CadreForm, OuvrirForm, ZoneForm
from maillage.projets.models import ProjetSocial, Zone
from maillage.projets.operations.projets import (
    ajouter_commune,
    ajouter_quartier,
    ajouter_zone,
    modifier_projet,
    ouvrir_projet,
    retirer_commune,
    retirer_zone,
)
from maillage.projets.permissions import peut_modifier_le_cadre, peut_ouvrir_un_projet
from maillage.projets.territoire import quartiers_a_proposer
from maillage.territoire.models import Commune, Structure
from maillage.territoire.recherche import chercher_communes


@require_http_methods(["GET", "POST"])
def projet_nouveau(request: RequeteConnectee) -> HttpResponse:
    """Le nom et les dates suffisent."""
    if not peut_ouvrir_un_projet(request.user):
        raise Http404
    structures = Structure.objects.ouvertes().filter(pk__in=structures_dirigees(request.user))
    anciens = ProjetSocial.objects.de_l_equipe(request.user)
    form = OuvrirForm(
        request.POST if request.method == "POST" else None,
        structures=structures.order_by("nom", "pk"),
        anciens=anciens,
        initial={"suite_de": request.GET.get("suite_de")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            projet = ouvrir_projet(form.cleaned_data["structure"], **form.valeurs, par=request.user)
        except ValidationError as refus:
            form.add_error(None, refus)
        else:
            messages.success(request, f"« {projet} » est ouvert. Votre équipe peut y écrire.")
            return redirect("projet_ossature" if projet.suite_de_id else "projet", projet.pk)
    return render(request, "projets/nouveau.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def projet_modifier(request: RequeteConnectee, pk: int) -> HttpResponse:
    projet = projet_a_modifier(request, pk)
    anciens = ProjetSocial.objects.de_l_equipe(request.user).filter(structure=projet.structure_id)
    lues = {champ: getattr(projet, champ) for champ in ("nom", "du", "au", "territoire", "suite_de")}
    form = CadreForm(
        request.POST if request.method == "POST" else None,
        anciens=anciens.exclude(pk=projet.pk),
        initial=lues | {"version": projet.version},
    )
    differences: list[Ecart] = []
    if request.method == "POST" and form.is_valid():
        try:
            modifier_projet(projet, version_lue=form.version_lue, par=request.user, **form.valeurs)
        except ConflitDeVersion:
            differences = relire(form, lues, projet.version)
        except ValidationError as refus:
            form.add_error(None, refus)
        else:
            messages.success(request, "Le cadre est enregistré.")
            return redirect("cadre", projet.pk)
    contexte = {"projet": projet, "form": form, "ecarts": differences}
    return render(request, "projets/modifier.html", contexte, status=422 if form.errors else 200)


# --- Le territoire ----------------------------------------------------------------------------------


@require_GET
def projet_territoire(request: RequeteConnectee, pk: int) -> HttpResponse:
    projet = projet_a_modifier(request, pk)
    return _montrer_le_territoire(request, projet, ZoneForm())


@require_POST
def territoire_ajouter(request: RequeteConnectee, pk: int, genre: str) -> HttpResponse:
    """Une commune, un quartier prioritaire officiel, ou une zone que l'on nomme."""
    projet = projet_a_modifier(request, pk)
    if genre == "zone":
        form = ZoneForm(request.POST)
        if not form.is_valid():
            return _montrer_le_territoire(request, projet, form, status=422)
        ajouter_zone(projet, **form.cleaned_data, par=request.user)
    elif genre == "commune":
        commune = get_object_or_404(Commune, pk=request.POST.get("commune", ""))
        ajouter_commune(projet, commune, par=request.user)
    else:
        choisis = set(request.POST.getlist("quartier"))
        for quartier in quartiers_a_proposer(projet):
            if str(quartier.pk) in choisis:
                ajouter_quartier(projet, quartier, par=request.user)
    messages.success(request, "Le territoire est enregistré.")
    return redirect("projet_territoire", projet.pk)


@require_POST
def territoire_retirer(request: RequeteConnectee, pk: int, genre: str, element: str) -> HttpResponse:
    projet = projet_a_modifier(request, pk)
    try:
        if genre == "commune":
            retirer_commune(projet, get_object_or_404(projet.communes, pk=element), par=request.user)
        else:
            numero = int(element) if element.isdecimal() else 0
            retirer_zone(get_object_or_404(Zone, projet=projet, pk=numero), par=request.user)
        messages.success(request, "C’est retiré du territoire.")
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    return redirect("projet_territoire", projet.pk)


def _montrer_le_territoire(
    request: RequeteConnectee, projet: ProjetSocial, form: ZoneForm, status: int = 200
) -> HttpResponse:
    q = une_ligne(request.GET.get("q", ""), 100)
    communes = list(projet.communes.select_related("departement").order_by("nom", "pk"))
    contexte = {
        "projet": projet,
        "communes": communes,
        "zones": projet.zones.select_related("quartier"),
        "q": q,
        "trouvees": [commune for commune in chercher_communes(q) if commune not in communes],
        "quartiers": quartiers_a_proposer(projet),
        "form": form,
    }
    return render(request, "projets/territoire.html", contexte, status=status)


def projet_a_modifier(request: RequeteConnectee, pk: int) -> ProjetSocial:
    """Le projet, si la direction peut encore en changer le cadre."""
    lus = ProjetSocial.objects.de_l_equipe(request.user).select_related("structure", "suite_de")
    projet: ProjetSocial = get_object_or_404(lus, pk=pk)
    if not peut_modifier_le_cadre(request.user, projet):
        raise Http404
    return projet
