"""Garder des résultats : les mêmes fiches que la page, dans un tableur ou dans un dossier à lire."""

from itertools import islice
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from maillage.catalogue.documents import dossier_experiences
from maillage.catalogue.models import Experience
from maillage.catalogue.recherche import IndexIndisponible, tous_les_ids
from maillage.catalogue.views.flux import titre_de_la_recherche
from maillage.catalogue.views.liste import (
    PLAFOND_DU_DOSSIER,
    TELLE_QUELLE,
    criteres,
    index_en_preparation,
    lire_demande,
)
from maillage.core.acces import interne
from maillage.core.debit import Debit, limiter
from maillage.core.documents.telechargement import RENDUS, telecharger
from maillage.core.francais import date_longue

DEBIT: Final = Debit("fichiers", par_minute=12, rafale=8)


@interne
@limiter(DEBIT)
@require_safe
def fichier(request: HttpRequest, extension: str) -> HttpResponse:
    """Les fiches cochées, sinon celles de la recherche dans l'ordre de la page, jusqu'au plafond."""
    if extension not in RENDUS:
        raise Http404("Ce format n'existe pas.")
    try:
        fiches = _fiches(request, PLAFOND_DU_DOSSIER)
    except IndexIndisponible:
        return index_en_preparation(request)
    demande = lire_demande(request)
    note = f"Recherche du {date_longue(timezone.localdate())}, à l’adresse {request.build_absolute_uri(demande.url())}"
    return telecharger(dossier_experiences(fiches, titre_de_la_recherche(demande), note), extension)


def _fiches(request: HttpRequest, plafond: int) -> list[Experience]:
    """Lève `IndexIndisponible`."""
    visibles = Experience.objects.visibles_par(request.user)
    if cochees := request.GET.getlist("fiche")[:plafond]:
        rangs = {code: rang for rang, code in enumerate(cochees)}
        return sorted(visibles.filter(code__in=cochees).completes(), key=lambda fiche: rangs[fiche.code])
    demande = lire_demande(request)
    ids = tous_les_ids(
        demande.q, criteres(demande), demande.tri, corrige=TELLE_QUELLE not in demande.choix
    )
    gardes = list(islice(ids, plafond))
    trouvees = visibles.completes().in_bulk(gardes)
    return [trouvees[pk] for pk in gardes if pk in trouvees]
