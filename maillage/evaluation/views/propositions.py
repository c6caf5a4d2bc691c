"""Les phrases que les libellés d'une fiche laissent comprendre, à accepter d'un coup."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from maillage.comptes.requete import RequeteConnectee
from maillage.core.francais import compte
from maillage.evaluation.lecture import Compte
from maillage.evaluation.operations import accepter_les_phrases
from maillage.evaluation.views.acces import fiche_tenue
from maillage.projets.models import FicheAction


@require_http_methods(["GET", "POST"])
def fiche_phrases(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Chaque indicateur encore saisi, et ce que Maillage compterait ; la personne coche ce qui est bien compris."""
    fiche = fiche_tenue(request, pk)
    comptes = _a_dire(fiche)
    if request.method == "POST":
        coches = {*request.POST.getlist("indicateur")}
        definitions = {
            lu.indicateur: lu.comprise.definition
            for lu in comptes
            if lu.comprise and str(lu.indicateur.pk) in coches
        }
        versions = {
            indicateur.pk: int(lue)
            for indicateur in definitions
            if (lue := request.POST.get(f"version_{indicateur.pk}", "")).isascii()
            and lue.isdigit()
            and len(lue) < 10
        }
        devances = accepter_les_phrases(definitions, versions, par=request.user)
        if faites := len(definitions) - len(devances):
            messages.success(request, f"Maillage compte maintenant {compte(faites, 'indicateur')} de plus.")
        for indicateur in devances:
            messages.error(request, f"« {indicateur} » vient de changer. Relisez sa phrase.")
        return redirect("fiche_phrases" if devances or not definitions else "indicateurs", pk)
    contexte = {
        "fiche": fiche,
        "projet": fiche.projet,
        "comptables": [lu for lu in comptes if lu.comprise and not lu.comprise.se_tape],
        "autres": [lu for lu in comptes if not lu.comprise or lu.comprise.se_tape],
    }
    return render(request, "evaluation/fiche_phrases.html", contexte)


def _a_dire(fiche: FicheAction) -> list[Compte]:
    indicateurs = fiche.indicateurs.select_related("fiche").order_by("-liste", "rang", "pk")
    return [Compte(indicateur) for indicateur in indicateurs if not indicateur.definition]
