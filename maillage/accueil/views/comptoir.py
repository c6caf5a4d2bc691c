"""Le comptoir : un appui compte un passage, sans nom."""

from uuid import uuid4

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from maillage.accueil.forms.passages import LieuForm, PreciserForm
from maillage.accueil.lecture import dernier_de, etat_du_comptoir, types_du_comptoir
from maillage.accueil.permissions import (
    peut_regler_le_comptoir,
    peut_suivre_les_demandes_de,
    peut_tenir_le_comptoir,
)
from maillage.accueil.views.acces import centre_tenu
from maillage.comptes.permissions import structures_de
from maillage.comptes.requete import RequeteConnectee
from maillage.core.saisie import une_ligne
from maillage.territoire.models import Partenaire, Structure

TOUCHES = 9
PROPOSITIONS = 8


def temoin_du_lieu(centre: Structure) -> str:
    """Le témoin qui retient le lieu de cet appareil."""
    return f"comptoir_{centre.pk}"


@require_GET
def comptoir(request: RequeteConnectee) -> HttpResponse:
    """Un seul centre : son comptoir. Plusieurs : lequel ?"""
    if not peut_tenir_le_comptoir(request.user):
        raise Http404("Aucun comptoir.")
    centres = list(Structure.objects.filter(pk__in=structures_de(request.user)))
    if len(centres) == 1:
        return redirect("comptoir_centre", centres[0].pk)
    return render(request, "accueil/choisir_le_centre.html", {"centres": centres})


@require_GET
def comptoir_centre(request: RequeteConnectee, centre: int) -> HttpResponse:
    tenu = centre_tenu(request, centre)
    types = types_du_comptoir(tenu)
    etat = etat_du_comptoir(tenu)
    dernier = dernier_de(tenu, request.user)
    contexte = {
        "centre": tenu,
        "etat": etat,
        "touches": [
            (un_type, rang if rang <= TOUCHES else None, etat.par_type.get(un_type.pk, 0))
            for rang, un_type in enumerate(types, start=1)
        ],
        "lieu": LieuForm(centre=tenu, initial={"site": request.COOKIES.get(temoin_du_lieu(tenu))}),
        "preciser": PreciserForm(centre=tenu, passage=dernier),
        "dernier": dernier,
        "jeton": uuid4(),
        "peut_suivre": peut_suivre_les_demandes_de(request.user, tenu),
        "peut_regler": peut_regler_le_comptoir(request.user, tenu),
    }
    return render(request, "accueil/comptoir.html", contexte)


@require_GET
def comptoir_etat(request: RequeteConnectee, centre: int) -> JsonResponse:
    """Les nombres vivants : tous les lieux du centre, ensemble."""
    return JsonResponse(etat_du_comptoir(centre_tenu(request, centre)).en_donnees)


@require_GET
def comptoir_partenaires(request: RequeteConnectee) -> JsonResponse:
    """Les partenaires de l'annuaire dont le nom contient ces lettres."""
    if not peut_tenir_le_comptoir(request.user):
        raise Http404("Aucun comptoir.")
    q = une_ligne(request.GET.get("q", ""), 100)
    trouves = Partenaire.objects.filter(nom__icontains=q) if len(q) > 1 else Partenaire.objects.none()
    noms = trouves.values_list("nom", flat=True)[:PROPOSITIONS]
    return JsonResponse([{"libelle": nom} for nom in noms], safe=False)
