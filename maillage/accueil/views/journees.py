"""Un jour : la liste de ses passages, que l'on corrige, et la saisie d'après le papier."""

from datetime import date, time
from typing import Final
from uuid import uuid4

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from maillage.accueil.forms.passages import JourForm, RattraperForm
from maillage.accueil.lecture import passages_du_jour, types_du_comptoir
from maillage.accueil.models import Passage
from maillage.accueil.operations.passages import PassageRefuse
from maillage.accueil.operations.rattrapage import Case, premier_jour, rattraper_passages
from maillage.accueil.temps import Periode, aujourd_hui
from maillage.accueil.views.acces import centre_tenu
from maillage.comptes.requete import RequeteConnectee
from maillage.core.francais import INSECABLE, compte, heure
from maillage.core.listes import Demande, Liste
from maillage.territoire.models import Structure

PAR_PAGE: Final = 100
DEMI_JOURNEES: Final = {
    "matin": (time(10), "matin"),
    "apres-midi": (time(15), "après-midi"),
    "soir": (time(19), "soir"),
}
HEURES: Final = range(8, 21)
MOMENTS: Final = {
    "demi-journee": DEMI_JOURNEES,
    "heure": {str(h): (time(h), f"{h}{INSECABLE}h") for h in HEURES},
}
"""Par tableau : la clé d'une colonne, l'heure que ses passages portent, son titre."""


@require_GET
def comptoir_jour(request: RequeteConnectee, centre: int) -> HttpResponse:
    """Les passages d'un jour, à corriger : annulés compris, ils restent lisibles."""
    tenu = centre_tenu(request, centre)
    form = JourForm(request.GET)
    jour = form.jour(aujourd_hui(tenu))
    demande = Demande.lire(request, cles=("le",), par_page=PAR_PAGE)
    tous: QuerySet[Passage] = passages_du_jour(tenu, jour)
    page = tous.select_related("site", "oriente_vers").prefetch_related("demandes__type")
    zone = tenu.fuseau
    periode = Periode.autour("jour", jour)
    contexte = {
        "centre": tenu,
        "jour": jour,
        "periode": periode,
        "est_aujourd_hui": jour == aujourd_hui(tenu),
        "champ": JourForm(initial={"le": jour}),
        "liste": Liste(
            demande,
            objets=[
                (passage, heure(passage.le.astimezone(zone).time()))
                for passage in page[demande.depart :][:PAR_PAGE]
            ],
            total=tous.count(),
            facettes=[],
            compte="passage",
        ),
        "comptes": tous.filter(annule_le=None).count(),
    }
    return render(request, "accueil/jour.html", contexte)


@require_http_methods(["GET", "POST"])
def comptoir_rattraper(request: RequeteConnectee, centre: int) -> HttpResponse:
    tenu = centre_tenu(request, centre)
    par = request.GET.get("par", "")
    par = par if par in MOMENTS else "demi-journee"
    moments = MOMENTS[par]
    form = RattraperForm(
        request.POST if request.method == "POST" else None,
        centre=tenu,
        types=types_du_comptoir(tenu),
        moments=[(cle, titre) for cle, (_, titre) in moments.items()],
        initial={"le": _jour_propose(request, tenu), "jeton": uuid4()},
    )
    if form.is_valid():
        cases = [Case(un_type, moments[cle][0], combien) for un_type, cle, combien in form.nombres()]
        lus = form.cleaned_data
        try:
            notes = rattraper_passages(
                tenu, lus["le"], cases, cle=lus["jeton"], site=lus["site"], par=request.user
            )
        except PassageRefuse as refus:
            form.add_error(None, str(refus))
        else:
            if notes:
                messages.success(
                    request, f"{compte(notes, 'passage')} de plus pour ce jour, d’après le papier."
                )
            else:
                messages.info(request, "Ce tableau était déjà enregistré. Rien n’est compté deux fois.")
            return redirect(f"{reverse('comptoir_jour', args=[tenu.pk])}?le={lus['le']:%Y-%m-%d}")
    contexte = {
        "centre": tenu,
        "form": form,
        "par": par,
        "depuis": premier_jour(tenu),
        "colonnes": [titre for _, titre in moments.values()],
    }
    return render(request, "accueil/rattraper.html", contexte, status=422 if form.errors else 200)


def _jour_propose(request: RequeteConnectee, centre: Structure) -> date:
    return JourForm(request.GET).jour(aujourd_hui(centre))
