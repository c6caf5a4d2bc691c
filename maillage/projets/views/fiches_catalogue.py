"""Le pont avec le catalogue : qui a déjà essayé, s'en inspirer, raconter, et qui a repris une expérience."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillage.catalogue.models import Experience
from maillage.catalogue.presentation import texte_public
from maillage.comptes.requete import RequeteConnectee
from maillage.core.debit import Debit, limiter
from maillage.core.ecriture import GesteRefuse
from maillage.projets.champs import lire_champs
from maillage.projets.essais import essais_proches
from maillage.projets.forms.fiche_equipe import InspirationForm
from maillage.projets.models import FicheAction, ProjetSocial
from maillage.projets.operations.inspirations import (
    a_reprendre,
    commencer_en_s_inspirant,
    raconter_fiche,
    s_inspirer,
)
from maillage.projets.permissions import OUVERTS_A_L_ECRITURE, peut_tenir_des_projets
from maillage.projets.views.acces import fiche_tenue
from maillage.projets.views.fiches import contexte_de_la_fiche, fiche_de_l_equipe

ESSAIS = Debit("essais", par_minute=60, rafale=30)


@limiter(ESSAIS)
@require_GET
def fiche_action_essais(request: RequeteConnectee, pk: int) -> HttpResponse:
    """« Qui a déjà essayé ? », d'après les mots de la fiche. En fragment à côté de l'écriture."""
    fiche = fiche_tenue(request, pk)
    contexte = {"fiche": fiche, "essais": essais_proches(lire_champs(fiche))}
    if getattr(request, "htmx", False):
        return render(request, "projets/fiche/_essais.html", contexte)
    return render(request, "projets/fiche/essais.html", contexte_de_la_fiche(fiche) | contexte)


@require_http_methods(["GET", "POST"])
def fiche_action_s_inspirer(request: RequeteConnectee, pk: int, code: str) -> HttpResponse:
    """Compléter cette fiche avec ce que l'on choisit d'une expérience."""
    fiche = fiche_tenue(request, pk)
    return _inspirer(request, _experience(code), [fiche], [], fiche)


@require_http_methods(["GET", "POST"])
def s_inspirer_d_une_experience(request: RequeteConnectee, code: str) -> HttpResponse:
    """Depuis une expérience : dans quelle fiche, ou dans quel projet en commencer une."""
    if not peut_tenir_des_projets(request.user):
        raise Http404
    siens = ProjetSocial.objects.de_l_equipe(request.user).filter(etat__in=OUVERTS_A_L_ECRITURE)
    fiches = FicheAction.objects.filter(projet__in=siens.order_by()).select_related("projet__structure")
    return _inspirer(request, _experience(code), list(fiches.order_by("titre", "pk")), list(siens), None)


def _experience(code: str) -> Experience:
    experience: Experience = get_object_or_404(Experience.objects.publiees().completes(), code=code.lower())
    return experience


def _inspirer(
    request: RequeteConnectee,
    experience: Experience,
    fiches: list[FicheAction],
    projets: list[ProjetSocial],
    ici: FicheAction | None,
) -> HttpResponse:
    vers = {"vers": f"fiche-{ici.pk}"} if ici else {}
    form = InspirationForm(experience, fiches, projets, request.POST or None, initial=vers)
    if request.method == "POST" and form.is_valid():
        champs = form.cleaned_data["champs"]
        try:
            if (fiche := form.fiche_choisie()) is not None:
                fiche = s_inspirer(fiche, experience, champs, par=request.user)
            else:
                titre = texte_public(experience, "titre")
                fiche = commencer_en_s_inspirant(
                    form.projet_choisi(), titre, experience, champs, par=request.user
                )
        except GesteRefuse as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "C’est repris. La fiche garde le lien vers l’expérience.")
            return redirect("fiche_action_ecrire", fiche.pk)
    contexte = {"experience": experience, "form": form, "passages": list(a_reprendre(experience).items())}
    contexte |= contexte_de_la_fiche(ici) if ici else {"a_une_place": bool(fiches or projets)}
    gabarit = "s_inspirer.html" if ici else "s_inspirer_d_ici.html"
    return render(request, f"projets/fiche/{gabarit}", contexte, status=422 if form.errors else 200)


@require_POST
def fiche_action_raconter(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Un brouillon d'expérience, prérempli."""
    fiche = fiche_de_l_equipe(request, pk)
    try:
        contribution = raconter_fiche(fiche, par=request.user)
    except GesteRefuse as refus:
        messages.error(request, str(refus))
        return redirect("fiche_action", pk)
    messages.success(request, "Voici le brouillon, avec vos mots. Relisez, complétez, puis envoyez-le.")
    return redirect("contribution", contribution.pk)


@require_GET
def reprises_d_une_experience(request: RequeteConnectee, experience: int) -> HttpResponse:
    """Sur la page d'une expérience : nos fiches qui s'en inspirent, celle qu'elle raconte, et de quoi s'en inspirer."""
    if not peut_tenir_des_projets(request.user):
        raise Http404
    lue = get_object_or_404(Experience.objects.publiees(), pk=experience)
    siennes = FicheAction.objects.de_l_equipe(request.user).order_by("titre", "pk")
    contexte = {
        "experience": lue,
        "inspirees": siennes.filter(inspiree_de=lue),
        "racontees": siennes.filter(racontee_par=lue),
        "centres": ProjetSocial.objects.filter(fiches__inspiree_de=lue)
        .order_by()
        .values("structure")
        .distinct()
        .count(),
    }
    return render(request, "projets/fiche/reprises.html", contexte)
