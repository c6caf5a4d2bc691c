"""L'accueil public."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from maillage.catalogue.choices import FamilleTerme
from maillage.catalogue.models import Experience
from maillage.catalogue.presentation import accroche, budget_en_mots, termes, texte_public
from maillage.core.acces import publique
from maillage.core.francais import date_longue
from maillage.portail import donnees, nombres

ARRIVEES = 3
LONGUEUR_ACCROCHE = 140


@publique
@require_safe
def accueil(request: HttpRequest) -> HttpResponse:
    """Chercher, se situer, choisir sa porte, voir ce qui vient d'arriver."""
    experiences = nombres.experiences_par_departement()
    return render(
        request,
        "portail/accueil.html",
        {
            "souvent": donnees.lire("recherches_frequentes"),
            "tuiles": nombres.tuiles_des_regions(),
            "departements": nombres.departements(),
            "total": experiences.total(),
            "arrivees": _arrivees(),
            "chiffres": _chiffres(experiences.total()),
        },
    )


def _arrivees() -> list[dict[str, Any]]:
    return [carte_d_experience(fiche) for fiche in Experience.objects.publiees().dernieres(ARRIVEES)]


def carte_d_experience(fiche: Experience) -> dict[str, Any]:
    """Ce que montre une carte : la fiche complète doit être préchargée (`.completes()`)."""
    dimensions = termes(fiche, FamilleTerme.DIMENSION)
    return {
        "fiche": fiche,
        "dimension": dimensions[0].libelle if dimensions else "",
        "titre": texte_public(fiche, "titre"),
        "accroche": accroche(fiche, LONGUEUR_ACCROCHE),
        "budget": budget_en_mots(fiche),
    }


def _chiffres(total: int) -> list[dict[str, Any]]:
    sources = [
        {"valeur": c["valeur"], "unite": c["unite"], "source": f"{c['annee']} · {c['source']}"}
        for c in donnees.lire("chiffres")
    ]
    aujourd_hui = date_longue(timezone.localdate())
    return [
        *sources,
        {
            "valeur": total,
            "unite": "expériences à lire ici",
            "source": f"{aujourd_hui} · catalogue Maillage",
        },
    ]
