"""Proposer une correction sans compte : choisir les champs, puis les récrire à partir de ce qu'on lit."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from maillage.catalogue.champs import CHAMPS, Champ, en_mots
from maillage.catalogue.forms.corrections import CorrectionForm, valeur_lue
from maillage.catalogue.models import Experience
from maillage.catalogue.operations.lecteurs import proposer_correction
from maillage.catalogue.presentation import abreger
from maillage.catalogue.views.lecteurs import compte_de, decor, fiche_lisible
from maillage.core.acces import publique
from maillage.core.anti_spam import ECRITURE, recevoir

LONGUEUR_APERCU = 140


@dataclass(frozen=True, slots=True)
class Choix:
    """Un champ que l'on peut corriger, et le début de ce qu'il dit."""

    champ: Champ
    apercu: str


def _en_une_ligne(fiche: Experience, nom: str) -> str:
    separateur = ", " if isinstance(CHAMPS[nom].vide, list) else " "
    return separateur.join(
        " ".join(ligne.split()) for ligne in en_mots(nom, valeur_lue(fiche, nom)).splitlines()
    )


@publique
@require_http_methods(["GET", "POST"])
def corriger(request: HttpRequest, code: str) -> HttpResponse:
    """Sans champ dans l'adresse (`?champ=resume`), on choisit ; avec, on corrige."""
    fiche = fiche_lisible(request, code)
    voulus = set(request.GET.getlist("champ"))
    choisis = [nom for nom in CHAMPS if nom in voulus]
    contexte = decor(fiche) | {"titre_page": "Proposer une correction"}
    if not choisis:
        lues = {nom: _en_une_ligne(fiche, nom) for nom in CHAMPS}
        choix = [Choix(champ, abreger(lues[nom], LONGUEUR_APERCU)) for nom, champ in CHAMPS.items()]
        contexte |= {
            "est_oublie": "etape" in request.GET,
            "remplis": [un for un in choix if un.apercu],
            "vides": [un for un in choix if not un.apercu],
        }
        return render(request, "catalogue/lecteurs/choisir_les_champs.html", contexte)
    compte = compte_de(request)
    form = CorrectionForm(fiche, choisis, request.POST or None, est_connecte=compte is not None)

    def agir() -> None:
        lu = form.cleaned_data
        proposer_correction(
            fiche,
            form.changements(),
            mot=lu["mot"],
            nom=lu.get("nom", ""),
            courriel=lu.get("courriel", ""),
            par=compte,
        )

    return recevoir(
        request,
        form,
        "catalogue/lecteurs/ecrire.html",
        contexte
        | {
            "chapo": "Récrivez ce qui est faux ou ce qui manque. La fiche ne change pas tout de suite.",
            "bouton": "Envoyer la correction",
            "ensuite": "Une modératrice du réseau garde ce qui est juste, champ par champ. Avec votre courriel, vous "
            "recevez sa réponse.",
        },
        limite=ECRITURE,
        merci=reverse("experience_merci", args=[fiche.code, "correction"]),
        agir=agir,
    )


@require_GET
def agir_par_numero(request: HttpRequest, pk: int, page: str) -> HttpResponse:
    """Depuis un signalement, qui ne connaît la fiche que par son numéro. `page` : où mener."""
    fiche = get_object_or_404(Experience.objects.visibles_par(request.user), pk=pk)
    return redirect(page, fiche.code)
