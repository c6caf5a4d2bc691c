"""Ce qu'une note libre dirait de trop, pendant que l'on écrit. Rien n'est gardé du texte reçu."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from maillage.catalogue.prudence import douter
from maillage.comptes.requete import RequeteConnectee

LONGUEUR_MAX = 5_000


@require_POST
def prudence(request: RequeteConnectee) -> HttpResponse:
    """Le texte voyage dans le corps de la demande : une adresse resterait dans les journaux du serveur."""
    doutes = douter({"texte": request.POST.get("texte", "")[:LONGUEUR_MAX]})
    uniques = {doute.extrait: doute for doute in doutes}
    return render(request, "catalogue/prudence.html", {"doutes": uniques.values()})
