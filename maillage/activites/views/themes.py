"""Les thèmes d'une activité, décidés avec le groupe ; les partenaires dans les mots du centre."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from maillage.activites.choices import EtatTheme
from maillage.activites.forms.themes import AjustementForm, GenresForm, ThemeForm
from maillage.activites.models import PartenaireDuCentre
from maillage.activites.operations.partenaires import dire_les_genres
from maillage.activites.operations.themes import (
    ajuster_theme,
    decider_theme,
    placer_les_themes,
    proposer_theme,
    ranger_theme,
)
from maillage.activites.permissions import peut_tenir_des_activites
from maillage.activites.views.acces import activite_tenue, theme_tenu
from maillage.comptes.permissions import structures_de
from maillage.comptes.requete import RequeteConnectee
from maillage.core.ecriture import GesteRefuse
from maillage.core.francais import compte

DECISIONS = {"valider": EtatTheme.VALIDE, "ecarter": EtatTheme.ECARTE, "reproposer": EtatTheme.PROPOSE}
PAS = {"monter": -1, "descendre": 1}


@require_POST
def theme_nouveau(request: RequeteConnectee, pk: int) -> HttpResponse:
    activite = activite_tenue(request, pk)
    form = ThemeForm(request.POST)
    if form.is_valid():
        theme = proposer_theme(activite, titre=form.cleaned_data["titre"], par=request.user)
        messages.success(request, f"« {theme} » est proposé.")
    else:
        messages.error(request, "Donnez un titre au thème, en 160 signes au plus.")
    return redirect(f"{reverse('activite', args=[pk])}#themes")


@require_POST
def themes_placer(request: RequeteConnectee, pk: int) -> HttpResponse:
    activite = activite_tenue(request, pk)
    places = placer_les_themes(activite, par=request.user)
    if places:
        messages.success(request, f"{compte(places, 'thème')} sur les prochaines séances.")
    else:
        messages.error(request, "Aucun thème validé à placer, ou aucune séance libre.")
    return redirect(f"{reverse('activite', args=[pk])}#themes")


@require_http_methods(["GET", "POST"])
def theme(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Le changer avec le groupe."""
    lu = theme_tenu(request, pk)
    initiales = {"titre": lu.titre, "ajustement": lu.ajustement}
    form = AjustementForm(request.POST if request.method == "POST" else None, initial=initiales)
    if request.method == "POST" and form.is_valid():
        ajuster_theme(lu, **form.valeurs, par=request.user)
        messages.success(request, f"« {lu} » est enregistré.")
        return redirect(f"{reverse('activite', args=[lu.activite_id])}#themes")
    contexte = {"theme": lu, "activite": lu.activite, "form": form}
    return render(request, "activites/theme.html", contexte, status=422 if form.errors else 200)


@require_POST
def theme_geste(request: RequeteConnectee, pk: int, geste: str) -> HttpResponse:
    """Valider, écarter, reproposer, monter, descendre."""
    lu = theme_tenu(request, pk)
    try:
        if geste in DECISIONS:
            decider_theme(lu, DECISIONS[geste], par=request.user)
        else:
            ranger_theme(lu, pas=PAS[geste], par=request.user)
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    # Au clavier, la touche suivante retrouve ses boutons : on revient sur le thème, où qu'il soit rangé.
    return redirect(f"{reverse('activite', args=[lu.activite_id])}#theme-{lu.pk}")


# --- Les partenaires du centre ----------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def partenaires(request: RequeteConnectee) -> HttpResponse:
    """Ceux qui sont venus à une séance, et ce qu'ils sont : les indicateurs les comptent par ces mots."""
    if not peut_tenir_des_activites(request.user):
        raise Http404
    siens = PartenaireDuCentre.objects.filter(structure__in=structures_de(request.user))
    form = None
    if request.method == "POST":
        numero = request.POST.get("partenaire", "")
        connu: PartenaireDuCentre = get_object_or_404(siens, pk=numero if numero.isdecimal() else 0)
        form = GenresForm(connu, request.POST)
        if form.is_valid():
            dire_les_genres(connu, genres=form.cleaned_data["genres"], par=request.user)
            messages.success(request, f"« {connu.partenaire} » : c’est enregistré.")
            return redirect("partenaires")
    venus = Count(
        "partenaire__interventions",
        filter=Q(partenaire__interventions__seance__activite__structure__in=structures_de(request.user)),
    )
    lus = siens.select_related("partenaire").annotate(nombre=venus).order_by("partenaire__nom", "pk")
    lignes = [(un, form if form is not None and form.prefix == f"p{un.pk}" else GenresForm(un)) for un in lus]
    statut = 422 if form is not None and form.errors else 200
    return render(request, "activites/partenaires.html", {"lignes": lignes}, status=statut)
