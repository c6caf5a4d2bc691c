"""Les heures de bénévolat notées dans l'année, et le geste qui les met au budget du centre."""

from decimal import Decimal

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from maillage.comptes.requete import RequeteConnectee
from maillage.core.ecriture import GesteRefuse
from maillage.core.francais import nombre
from maillage.evaluation.calcul import Centre
from maillage.evaluation.choices import Grandeur
from maillage.evaluation.tableau.comptes import decompter, mois_de
from maillage.projets.choices import PorteeBudget
from maillage.projets.models import ProjetSocial
from maillage.projets.operations.budget import reprendre_les_heures_benevoles
from maillage.projets.permissions import peut_tenir_le_budget


@require_http_methods(["GET", "POST"])
def heures_benevoles(request: RequeteConnectee, pk: int, annee: int) -> HttpResponse:
    """Fragment de la page du budget pour htmx. Le geste reprend ce que l'on compte au moment où on le fait."""
    projets = ProjetSocial.objects.de_l_equipe(request.user).select_related("structure")
    projet: ProjetSocial = get_object_or_404(projets, pk=pk)
    if annee not in projet.annees or not peut_tenir_le_budget(request.user, projet):
        raise Http404("Ce budget ne s'écrit pas.")
    decompte = decompter(
        Centre(projet.structure), Grandeur.HEURES_BENEVOLAT, mois_de(projet.structure, annee)
    )
    if request.method == "POST":
        _reprendre(request, projet, annee, decompte.valeur)
        return redirect("budget_annee", projet.pk, annee)
    budget = projet.budgets.filter(annee=annee, portee=PorteeBudget.CENTRE).first()
    contexte = {
        "projet": projet,
        "annee": annee,
        "heures": decompte.valeur,
        "dit": decompte.manque or decompte.couverture,
        "au_budget": budget.heures_reelles if budget else None,
        "sans_taux": budget is None or budget.taux_horaire is None,
    }
    return render(request, "evaluation/heures_benevoles.html", contexte)


def _reprendre(request: RequeteConnectee, projet: ProjetSocial, annee: int, heures: Decimal | None) -> None:
    if heures is None:
        messages.error(request, f"Aucune heure de bénévolat n’est notée en {annee}. Notez-les d’abord.")
        return
    try:
        reprendre_les_heures_benevoles(projet, annee, heures, par=request.user)
        messages.success(request, f"{nombre(heures)} heures de bénévolat sont au budget {annee}.")
    except GesteRefuse as refus:
        messages.error(request, str(refus))
