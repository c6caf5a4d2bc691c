"""Ce qui entoure l'arbre : chapitres, gouvernance, chiffres, sigles ; et les passages à ranger."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillage.comptes.requete import RequeteConnectee
from maillage.core.conflits import MESSAGE, Ecart, ecarts
from maillage.core.ecriture import GesteRefuse
from maillage.projets.choices import EtatMorceau
from maillage.projets.elements import GENRES
from maillage.projets.forms.elements import RangerForm, formulaire_de
from maillage.projets.lecture import lire_arbre
from maillage.projets.models import Morceau, ProjetSocial
from maillage.projets.operations.elements import (
    ElementChange,
    ajouter_element,
    corriger_element,
    deplacer_element,
    element_a_remettre,
    remettre_element,
    retirer_element,
)
from maillage.projets.operations.morceaux import ecarter_morceau, ranger_morceau, rouvrir_morceau
from maillage.projets.permissions import est_de_l_equipe, peut_ecrire_le_projet


@require_http_methods(["GET", "POST"])
def elements(request: RequeteConnectee, pk: int, genre: str) -> HttpResponse:
    """La liste, et de quoi ajouter."""
    voulu = GENRES[genre]
    projet = _lisible(request, pk)
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
    projet = _a_ecrire(request, pk)
    lu = get_object_or_404(voulu.du_projet(projet), pk=numero)
    form = formulaire_de(voulu, request.POST if request.method == "POST" else None, lu)
    differences: list[Ecart] = []
    if request.method == "POST" and form.is_valid():
        try:
            corriger_element(lu, voulu, form.valeurs, lue=form.cleaned_data["lue"], par=request.user)
        except ElementChange:
            a_jour = formulaire_de(voulu, element=lu)
            differences = ecarts(form, {champ: a_jour.initial.get(champ) for champ in voulu.champs})
            form.add_error(None, MESSAGE)
            form.data = request.POST.copy()
            form.data["lue"] = voulu.empreinte(lu)
        except GesteRefuse as refus:
            form.add_error(None, str(refus))
        else:
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
    projet = _a_ecrire(request, pk)
    lu = get_object_or_404(voulu.du_projet(projet), pk=numero)
    try:
        if geste == "retirer":
            retirer_element(lu, voulu, par=request.user)
            messages.success(request, "C’est retiré.")
        elif voulu.a_un_ordre:
            deplacer_element(lu, voulu, "monter" if geste == "monter" else "descendre", par=request.user)
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    return redirect("elements", projet.pk, genre)


@require_POST
def element_remettre(request: RequeteConnectee, pk: int, genre: str) -> HttpResponse:
    projet = _a_ecrire(request, pk)
    try:
        remettre_element(projet, GENRES[genre], par=request.user)
        messages.success(request, "C’est remis à sa place.")
    except GesteRefuse as refus:
        messages.error(request, str(refus))
    return redirect("elements", projet.pk, genre)


# --- Les passages à ranger --------------------------------------------------------------------------


@require_GET
def morceaux(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Ceux qui attendent, puis ceux dont on a décidé."""
    projet = _de_la_maison(request, pk)
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
                chapitre=projet.chapitres.get(pk=numero) if sorte == "chapitre" else None,
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


def _lisible(request: RequeteConnectee, pk: int) -> ProjetSocial:
    lus = ProjetSocial.objects.visibles_par(request.user).select_related("structure")
    projet: ProjetSocial = get_object_or_404(lus, pk=pk)
    return projet


def _de_la_maison(request: RequeteConnectee, pk: int) -> ProjetSocial:
    projet = _lisible(request, pk)
    if not est_de_l_equipe(request.user, projet):
        raise Http404
    return projet


def _a_ecrire(request: RequeteConnectee, pk: int) -> ProjetSocial:
    projet = _lisible(request, pk)
    if not peut_ecrire_le_projet(request.user, projet):
        raise Http404
    return projet


def _morceau(request: RequeteConnectee, pk: int) -> Morceau:
    projets = ProjetSocial.objects.de_l_equipe(request.user)
    lu = get_object_or_404(Morceau.objects.select_related("projet__structure"), pk=pk, projet__in=projets)
    if not peut_ecrire_le_projet(request.user, lu.projet):
        raise Http404
    return lu
