"""La place proposée par courriel : dire oui ou non, sans compte."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from maillage.activites.choices import EtatInscription
from maillage.activites.jetons import PLACE, numero_du_jeton
from maillage.activites.models import Inscription
from maillage.activites.operations.inscriptions import (
    InscriptionRefusee,
    accepter_place,
    adresse_de_la_place,
    reprendre_place,
)
from maillage.core.acces import interne
from maillage.core.debit import Debit, limiter
from maillage.core.journal import SYSTEME

REPONSES = Debit("place_proposee", par_minute=10, rafale=20)


@interne
@limiter(REPONSES)
@require_http_methods(["GET", "POST"])
def place_proposee(request: HttpRequest, jeton: str) -> HttpResponse:
    """La page ne nomme personne. Une proposition passée le dit, même quand l'inscription n'est plus là : deux fiches
    réunies, une personne effacée."""
    inscription = _inscription(jeton)
    if inscription is None:
        return _montrer(request, activite=None, limite=None, dite="passee")
    est_valable = (
        inscription.etat == EtatInscription.PROPOSEE and adresse_de_la_place(inscription) == request.path
    )
    dite = "" if est_valable else "passee"
    if inscription.etat == EtatInscription.INSCRITE:
        dite = "prise"
    if request.method == "POST" and est_valable:
        try:
            if request.POST.get("reponse") == "oui":
                accepter_place(inscription, par=SYSTEME)
                dite = "prise"
            else:
                reprendre_place(inscription, par=SYSTEME)
                dite = "laissee"
        except InscriptionRefusee:
            dite = "passee"
    limite = inscription.proposee_jusqu_au
    return _montrer(request, activite=inscription.activite, limite=limite, dite=dite)


def _montrer(request: HttpRequest, **contexte: object) -> HttpResponse:
    reponse = render(request, "activites/place_proposee.html", contexte)
    reponse["X-Robots-Tag"] = "noindex"
    reponse["Cache-Control"] = "private, no-store"
    return reponse


def _inscription(jeton: str) -> Inscription | None:
    lu = numero_du_jeton(PLACE, jeton)
    if lu is None:
        raise Http404("Cette adresse n’existe pas.")
    inscriptions = Inscription.objects.select_related("activite__structure", "personne")
    trouvee: Inscription | None = inscriptions.filter(pk=lu[0]).first()
    return trouvee
