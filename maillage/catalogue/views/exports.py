"""Garder des résultats : les mêmes fiches que la page, dans un tableur ou dans un dossier à lire."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from maillage.catalogue.documents import dossier_experiences
from maillage.catalogue.exportation import FORMATS, TYPES, exporter
from maillage.catalogue.models import Experience
from maillage.catalogue.querysets import ExperienceQuerySet
from maillage.catalogue.recherche import IndexIndisponible, tous_les_ids
from maillage.catalogue.views.flux import titre_de_la_recherche
from maillage.catalogue.views.liste import (
    PLAFOND_DU_DOSSIER,
    PLAFOND_DU_TABLEUR,
    TELLE_QUELLE,
    criteres,
    index_en_preparation,
    lire_demande,
)
from maillage.core.acces import interne
from maillage.core.debit import Debit, limiter
from maillage.core.documents.telechargement import RENDUS, nom_de_fichier, telecharger
from maillage.core.francais import date_longue

DEBIT: Final = Debit("fichiers", par_minute=12, rafale=8)
TAILLE_DE_LOT: Final = 250


@interne
@limiter(DEBIT)
@require_safe
def fichier(request: HttpRequest, extension: str) -> HttpResponseBase:
    """Les fiches cochées, sinon celles de la recherche dans l'ordre de la page, jusqu'au plafond."""
    if extension not in {*RENDUS, *FORMATS}:
        raise Http404("Ce format n'existe pas.")
    try:
        ids = _ids(request, PLAFOND_DU_DOSSIER if extension in RENDUS else PLAFOND_DU_TABLEUR)
    except IndexIndisponible:
        return index_en_preparation(request)
    fiches = _par_lots(Experience.objects.visibles_par(request.user), ids)
    return (
        _dossier(request, list(fiches), extension)
        if extension in RENDUS
        else _tableur(request, fiches, extension)
    )


def _ids(request: HttpRequest, plafond: int) -> list[int]:
    """Lève `IndexIndisponible`."""
    if cochees := request.GET.getlist("fiche")[:plafond]:
        visibles = Experience.objects.visibles_par(request.user).filter(code__in=cochees)
        par_code = dict(visibles.values_list("code", "pk"))
        return [par_code[code] for code in dict.fromkeys(cochees) if code in par_code]
    demande = lire_demande(request)
    est_corrigee = TELLE_QUELLE not in demande.choix
    return list(islice(tous_les_ids(demande.q, criteres(demande), demande.tri, est_corrigee), plafond))


def _par_lots(visibles: ExperienceQuerySet, ids: Sequence[int]) -> Iterator[Experience]:
    """Les fiches dans l'ordre de leurs identifiants, sans les tenir toutes en mémoire."""
    for debut in range(0, len(ids), TAILLE_DE_LOT):
        lot = ids[debut : debut + TAILLE_DE_LOT]
        trouvees = visibles.completes().in_bulk(lot)
        yield from (trouvees[pk] for pk in lot if pk in trouvees)


def _dossier(request: HttpRequest, fiches: Sequence[Experience], extension: str) -> HttpResponse:
    demande = lire_demande(request)
    adresse = request.build_absolute_uri(demande.url())
    note = f"Recherche du {date_longue(timezone.localdate())}, à l’adresse {adresse}"
    return telecharger(dossier_experiences(fiches, titre_de_la_recherche(demande), note), extension)


def _tableur(request: HttpRequest, fiches: Iterator[Experience], extension: str) -> StreamingHttpResponse:
    nom = nom_de_fichier(titre_de_la_recherche(lire_demande(request)), extension)
    return StreamingHttpResponse(
        exporter(fiches, extension),
        content_type=TYPES[extension],
        headers={"Content-Disposition": content_disposition_header(True, nom) or "attachment"},
    )
