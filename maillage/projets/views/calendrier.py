"""Le calendrier d'un projet : la frise, et le tableau qui la dit."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from maillage.comptes.requete import RequeteConnectee
from maillage.projets.calendrier import dessiner_le_calendrier, groupes
from maillage.projets.views.acces import projet_lu
from maillage.projets.vue_de_l_arbre import VueDeLArbre


@require_GET
def calendrier(request: RequeteConnectee, pk: int) -> HttpResponse:
    projet = projet_lu(request, pk)
    vue = VueDeLArbre.lire(projet, specifique=request.GET.get("projet", ""))
    lus = groupes(vue, projet)
    contexte = {
        "projet": projet,
        "vue": vue,
        "groupes": lus,
        "dessin": dessiner_le_calendrier(projet, vue.annees or projet.annees, lus, timezone.localdate()),
        "nombre_etapes": sum(len(ligne.etapes) for groupe in lus for ligne in groupe.lignes),
    }
    return render(request, "projets/arbre/calendrier.html", contexte)
