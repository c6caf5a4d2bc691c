"""La charte publiée : ce qui paraît, ce qui est refusé, qui juge, en combien de temps, comment contester."""

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from maillage.core.acces import publique
from maillage.core.francais import compte
from maillage.moderation.delais import JOURS_PROMIS
from maillage.moderation.models import DELAI_POUR_DEFAIRE
from maillage.moderation.presentation import delais

UNE_HEURE = 3600


@publique
@require_safe
def charte(request: HttpRequest) -> HttpResponse:
    """Les délais tenus sont ceux de tout le réseau, recomptés chaque heure."""
    tenus = cache.get_or_set("moderation:delais", delais, UNE_HEURE) or delais()
    return render(
        request,
        "moderation/charte.html",
        {
            "delais": tenus,
            "quoi_a_temps": "réponses dans le délai promis"
            if tenus.a_temps > 1
            else "réponse dans le délai promis",
            "source_a_temps": f"sur {compte(tenus.reponses, 'réponse')}",
            "jours_promis": JOURS_PROMIS,
            "minutes": DELAI_POUR_DEFAIRE.seconds // 60,
            "editeur": settings.EDITEUR,
        },
    )
