"""Ce qui entoure l'arbre : chiffres, tableaux, sigles ; et les passages à ranger."""

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillage.comptes.requete import RequeteConnectee
from maillage.core.ecriture import GesteRefuse
from maillage.projets.choices import EtatMorceau
from maillage.projets.elements import GENRES
from maillage.projets.forms.elements import RangerForm, formulaire_de
from maillage.projets.lecture import lire_arbre
from maillage.projets.models import Morceau, ProjetSocial
from maillage.projets.operations.elements import ajouter_element, element_a_remettre
from maillage.projets.operations.morceaux import ecarter_morceau, ranger_morceau, rouvrir_morceau
from maillage.projets.permissions import peut_ecrire_le_projet
from maillage.projets.views.acces import projet_lu, projet_tenu
from maillage.projets.views.gestes_d_element import corriger, faire_le_geste, remettre


@require_http_methods(["GET", "POST"])
def elements(request: RequeteConnectee, pk: int, genre: str) -> HttpResponse:
    """La liste, et de quoi ajouter."""
    voulu = GENRES[genre]
    projet = projet_lu(request, pk)
    ecrit = peut_ecrire_le_projet(request.user, projet)
    if request.method == "POST" and not ecrit:
        raise Http404
    form = formulaire_de(voulu, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            ajoute = ajouter_element(projet, voulu, form.valeurs, par=request.user)
            messages.success(request, "C’est ajouté.")
            if request.POST.get("rester"):
                return redirect("element", projet.pk, genre, ajoute.pk)
        except GesteRefuse as refus:
            messages.error(request, str(refus))
        return redirect("elements", projet.pk, genre)
    contexte = {
        "projet": projet,
        "genre": voulu,
        "elements": list(voulu.du_projet(projet)),
        "ecrit": ecrit,
        "a_remettre": element_a_remettre(projet, voulu) if ecrit else None,
        "form": form,
    }
    return render(request, "projets/elements/liste.html", contexte, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def element(request: RequeteConnectee, pk: int, genre: str, numero: int) -> HttpResponse:
    """Corriger un élément. Si quelqu'un l'a changé, les deux textes se comparent."""
    voulu = GENRES[genre]
    projet = projet_tenu(request, pk)
    lu = get_object_or_404(voulu.du_projet(projet), pk=numero)
    form, differences, est_ecrit = corriger(request, lu, voulu, partial(formulaire_de, voulu))
    if est_ecrit:
        messages.success(request, "C’est enregistré.")
        if request.POST.get("rester"):
            return redirect("element", projet.pk, genre, lu.pk)
        return redirect("elements", projet.pk, genre)
    contexte = {"projet": projet, "genre": voulu, "element": lu, "form": form, "ecarts": differences}
    return render(request, "projets/elements/element.html", contexte, status=422 if form.errors else 200)


@require_POST
def element_geste(request: RequeteConnectee, pk: int, genre: str, numero: int, geste: str) -> HttpResponse:
    """Monter, descendre, retirer."""
    voulu = GENRES[genre]
    projet = projet_tenu(request, pk)
    lu = get_object_or_404(voulu.du_projet(projet), pk=numero)
    faire_le_geste(request, lu, voulu, geste)
    return redirect("elements", projet.pk, genre)


@require_POST
def element_remettre(request: RequeteConnectee, pk: int, genre: str) -> HttpResponse:
    projet = projet_tenu(request, pk)
    remettre(request, projet, GENRES[genre])
    return redirect("elements", projet.pk, genre)


# --- Les passages à ranger --------------------------------------------------------------------------


@require_GET
def morceaux(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Ceux qui attendent, puis ceux dont on a décidé."""
    projet = projet_lu(request, pk)
    tous = list(projet.morceaux.all())
    contexte = {
        "projet": projet,
        "a_ranger": [m for m in tous if m.etat == EtatMorceau.A_RANGER],
        "decides": [m for m in tous if m.etat != EtatMorceau.A_RANGER],
        "ecrit": peut_ecrire_le_projet(request.user, projet),
    }
    return render(request, "projets/elements/morceaux.html", contexte)


@require_http_methods(["GET", "POST"])
def morceau(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Ranger un passage."""
    lu = _morceau(request, pk)
    projet = lu.projet
    form = RangerForm(
        request.POST if request.method == "POST" else None, projet=projet, arbre=lire_arbre(projet)
    )
    if request.method == "POST" and form.is_valid():
        sorte, _, numero = form.cleaned_data["ou"].partition(":")
        try:
            ranger_morceau(
                lu,
                chapitre=numero if sorte == "chapitre" else "",
                fiche=projet.fiches.get(pk=numero) if sorte == "fiche" else None,
                champ=form.cleaned_data["champ"],
                par=request.user,
            )
            messages.success(request, "Le passage est rangé.")
        except GesteRefuse as refus:
            messages.error(request, str(refus))
        return redirect("morceaux", projet.pk)
    contexte = {"projet": projet, "morceau": lu, "form": form}
    return render(request, "projets/elements/morceau.html", contexte, status=422 if form.errors else 200)


@require_POST
def morceau_geste(request: RequeteConnectee, pk: int, geste: str) -> HttpResponse:
    """Mettre de côté, ou revenir dessus."""
    lu = _morceau(request, pk)
    try:
        if geste == "ecarter":
            ecarter_morceau(lu, par=request.user)
            messages.success(request, "Le passage est mis de côté. Vous pouvez y revenir.")
        elif rouvrir_morceau(lu, par=request.user):
            messages.success(request, "Le passage est de nouveau à ranger.")
        else:
            messages.warning(
                request, "Le passage est à ranger. Il reste aussi là où il était : on l’a retouché depuis."
            )
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    return redirect("morceaux", lu.projet_id)


def _morceau(request: RequeteConnectee, pk: int) -> Morceau:
    projets = ProjetSocial.objects.de_l_equipe(request.user)
    lu = get_object_or_404(Morceau.objects.select_related("projet__structure"), pk=pk, projet__in=projets)
    if not peut_ecrire_le_projet(request.user, lu.projet):
        raise Http404
    return lu
