"""Donner son avis en sortant, sur un téléphone posé à la porte : quatre grands boutons, aucun compte."""

from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods

from maillage.activites.choices import EtatSeance, ReponseSatisfaction
from maillage.activites.jetons import AVIS, numero_du_jeton
from maillage.activites.models import Seance
from maillage.activites.operations.satisfaction import donner_satisfaction
from maillage.activites.satisfaction import avis_de, code_de_l_avis, est_ouverte
from maillage.activites.views.acces import seance_tenue
from maillage.comptes.requete import RequeteConnectee
from maillage.core.acces import interne
from maillage.core.debit import Debit, limiter

A_LA_SORTIE = Debit("avis_de_sortie", par_minute=60, rafale=60)  # un groupe entier sort par la même porte
VISAGES = {
    ReponseSatisfaction.TRES: "laugh",
    ReponseSatisfaction.PLUTOT: "smile",
    ReponseSatisfaction.PLUTOT_PAS: "meh",
    ReponseSatisfaction.PAS: "frown",
}


@interne
@limiter(A_LA_SORTIE)
@require_http_methods(["GET", "POST"])
def avis_de_sortie(request: HttpRequest, jeton: str) -> HttpResponse:
    """Le jour de la séance seulement. Un geste remercie et rend la page à la personne suivante."""
    lu = numero_du_jeton(AVIS, jeton)
    if lu is None:
        raise Http404("Cette adresse n’existe pas.")
    seance: Seance = get_object_or_404(Seance.objects.select_related("activite__structure"), pk=lu[0])
    ouverte = est_ouverte(seance)
    if request.method == "POST" and ouverte:
        donner_satisfaction(seance, _reponse(request), cle=_cle(request))
    contexte = {
        "seance": seance,
        "est_ouverte": ouverte,
        "est_donne": request.method == "POST" and ouverte,
        "choix": [(r.value, str(r.label), VISAGES[r]) for r in ReponseSatisfaction],
        "cle": uuid4(),
    }
    reponse = render(request, "activites/avis_de_sortie.html", contexte, status=200 if ouverte else 410)
    reponse["X-Robots-Tag"] = "noindex"
    reponse["Cache-Control"] = "private, no-store"
    return reponse


@require_GET
def avis_affiche(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Le code carré en grand : à montrer sur un écran, ou à imprimer et poser à la porte. Aucun nom."""
    seance = seance_tenue(request, pk)
    if seance.etat == EtatSeance.ANNULEE:
        raise Http404("Une séance annulée n’a pas d’avis.")
    contexte = {
        "seance": seance,
        "activite": seance.activite,
        "code": code_de_l_avis(seance),
        "avis_de_sortie": avis_de(seance),
    }
    return render(request, "activites/avis_affiche.html", contexte)


def _reponse(request: HttpRequest) -> ReponseSatisfaction:
    try:
        return ReponseSatisfaction(request.POST.get("reponse", ""))
    except ValueError:
        raise Http404("Cette réponse n’existe pas.") from None


def _cle(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("cle", ""))
    except ValueError:
        raise Http404("Un geste porte sa clé.") from None
