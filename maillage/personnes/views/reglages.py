"""Ce que la direction règle : champs, lieux, conservation ; et le registre des traitements."""

from datetime import timedelta
from itertools import groupby

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillage.comptes.nominatif import nominative
from maillage.comptes.permissions import structures_dirigees
from maillage.comptes.requete import RequeteConnectee
from maillage.core.conservation import declarations
from maillage.core.ecriture import GesteRefuse
from maillage.personnes.choices import ChampDePersonne
from maillage.personnes.conservation import PREAVIS, champ_de_la_fiche
from maillage.personnes.durees import DUREES, dire, jours_gardes, raccourcir
from maillage.personnes.forms.fiche import aide
from maillage.personnes.forms.reglages import ProvenanceForm
from maillage.personnes.models import AvisDeConservation, ChampOuvert, Personne, Provenance
from maillage.personnes.operations import (
    fermer_champ,
    fiches_qui_portent,
    fixer_la_duree,
    noter_le_visa,
    noter_provenance,
    ouvrir_champ,
    retirer_provenance,
)
from maillage.personnes.operations.personnes import TOUJOURS
from maillage.personnes.views.acces import centre_dirige, centre_du_registre
from maillage.territoire.models import Quartier, Structure


@require_http_methods(["GET", "POST"])
def personnes_reglages(request: RequeteConnectee) -> HttpResponse:
    """Les champs que l'on note, fermés par défaut, et les lieux d'où viennent les gens."""
    centre = centre_dirige(request)
    ici = Quartier.objects.filter(communes=centre.commune_id).order_by("nom", "pk")
    form = ProvenanceForm(request.POST if request.method == "POST" else None, quartiers=ici)
    if request.method == "POST" and form.is_valid():
        try:
            noter_provenance(centre, par=request.user, **form.cleaned_data)
        except GesteRefuse as refus:
            form.add_error("nom", str(refus))
        else:
            messages.success(request, "Le lieu est ajouté.")
            return redirect(request.get_full_path())
    ouverts = set(ChampOuvert.objects.filter(structure=centre).values_list("champ", flat=True).order_by())
    jours = jours_gardes(centre.pk)
    champs = [
        (
            champ,
            champ_de_la_fiche(champ),
            aide(champ, jours),
            champ in ouverts or champ in TOUJOURS,
            champ in TOUJOURS,
        )
        for champ in ChampDePersonne
    ]
    contexte = {
        "centre": centre,
        "champs": champs,
        "provenances": centre.provenances.select_related("quartier"),
        "form": form,
    }
    return render(request, "personnes/reglages.html", contexte, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def champ_regler(request: RequeteConnectee, champ: str) -> HttpResponse:
    """Ouvrir, d'un geste ; fermer, après avoir lu combien de fiches seront vidées."""
    centre = centre_dirige(request)
    if champ not in ChampDePersonne.values or champ in TOUJOURS:
        raise Http404
    voulu = ChampDePersonne(champ)
    if request.method == "POST":
        if request.POST.get("geste") == "fermer":
            videes = fermer_champ(centre, voulu, par=request.user)
            messages.success(request, f"Le champ « {voulu.label} » est fermé ; {videes} fiches vidées.")
        else:
            ouvrir_champ(centre, voulu, par=request.user)
            messages.success(request, f"Le champ « {voulu.label} » est ouvert.")
        return redirect(reverse("personnes_reglages") + _suite(centre.pk))
    contexte = {"centre": centre, "champ": voulu, "portees": fiches_qui_portent(centre, voulu)}
    return render(request, "personnes/fermer_champ.html", contexte)


@require_POST
def provenance_retirer(request: RequeteConnectee, pk: int) -> HttpResponse:
    siennes = Provenance.objects.filter(structure__in=structures_dirigees(request.user))
    provenance = get_object_or_404(siennes, pk=pk)
    try:
        retirer_provenance(provenance, par=request.user)
        messages.success(request, "Le lieu est retiré.")
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    return redirect(reverse("personnes_reglages") + _suite(provenance.structure_id))


@require_GET
@nominative
def personnes_conservation(request: RequeteConnectee) -> HttpResponse:
    """L'essai à blanc : qui sera effacé, quand, et ce qui attend un visa."""
    centre = centre_dirige(request)
    avis = AvisDeConservation.objects.filter(personne__structure=centre).select_related("personne")
    jours = jours_gardes(centre.pk)
    contexte = {
        "centre": centre,
        "avis": avis,
        "aujourd_hui": timezone.localdate(),
        "annonce": jours - PREAVIS,
        "garde": jours,
        "dite": dire(jours),
        "plus_courtes": [
            (moins, dite, _sans_signe_de_vie(centre, moins))
            for moins, dite in DUREES.items()
            if moins < jours
        ],
    }
    return render(request, "personnes/conservation.html", contexte)


def _sans_signe_de_vie(centre: Structure, jours: int) -> int:
    """Combien de fiches une durée plus courte annoncerait dès demain."""
    limite = timezone.localdate() - timedelta(days=jours - PREAVIS)
    return Personne.objects.presentes().filter(structure=centre, vue_le__lte=limite).count()


@require_POST
def duree_fixer(request: RequeteConnectee, jours: int) -> HttpResponse:
    """Garder les fiches moins longtemps. Jusqu'au lendemain, une erreur se défait."""
    centre = centre_dirige(request)
    avant, suite = jours_gardes(centre.pk), _suite(centre.pk)
    try:
        fixer_la_duree(centre, jours, par=request.user)
        dit = f"Sans signe de vie pendant {dire(jours)}, une fiche s’efface."
        messages.success(request, dit, extra_tags=reverse("duree_fixer", args=[avant]) + suite)
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    return redirect(reverse("personnes_conservation") + suite)


@require_POST
@nominative
def avis_viser(request: RequeteConnectee, pk: int) -> HttpResponse:
    siens = AvisDeConservation.objects.filter(personne__structure__in=structures_dirigees(request.user))
    avis = get_object_or_404(siens.select_related("personne"), pk=pk)
    try:
        noter_le_visa(avis, par=request.user)
        messages.success(request, "Le visa est noté : l’effacement suivra.")
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    return redirect(reverse("personnes_conservation") + _suite(avis.personne.structure_id))


def _suite(centre: int) -> str:
    """Qui dirige deux centres reste sur celui de la page : sans ce mot, l'adresse mène au premier."""
    return f"?centre={centre}"


@require_GET
def personnes_traitements(request: RequeteConnectee) -> HttpResponse:
    """Le registre de l'article 30, écrit à partir de ce que chaque pièce déclare. Aucun nom de personne."""
    centre = centre_du_registre(request)
    jours = jours_gardes(centre.pk)
    lignes = [
        {
            "titre": declaration.titre,
            "donnee": donnee,
            "duree": raccourcir(donnee.duree, jours),
            "champs": [declaration.libelle(champ).lower() for champ in donnee.champs],
        }
        for declaration in declarations()
        for donnee in declaration.donnees
    ]
    chapitres = [(titre, list(suite)) for titre, suite in groupby(lignes, lambda ligne: ligne["titre"])]
    return render(request, "personnes/traitements.html", {"centre": centre, "chapitres": chapitres})
