"""Le flux Atom d'une recherche : les mêmes critères que la page, les plus récentes d'abord."""

from dataclasses import replace
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import linebreaks
from django.views.decorators.http import require_safe

from maillage.catalogue.choices import FamilleTerme
from maillage.catalogue.presentation import accroche, termes, texte_public
from maillage.catalogue.recherche import IndexIndisponible
from maillage.catalogue.views.fiche import adresse
from maillage.catalogue.views.liste import index_en_preparation, lire_demande, trouver
from maillage.core.acces import interne
from maillage.core.documents.texte import texte_propre
from maillage.core.francais import compte
from maillage.core.listes import Demande

NOMBRE: Final = 50


@interne
@require_safe
def flux(request: HttpRequest) -> HttpResponse:
    """Les fiches les plus récentes. Une entrée a pour identifiant l'adresse courte, qui ne change jamais."""
    demande = replace(lire_demande(request), tri="recentes")
    try:
        trouvees = trouver(demande, depart=0, nombre=NOMBRE)
    except IndexIndisponible:
        return index_en_preparation(request)
    site = settings.MAILLAGE_URL
    atom = Atom1Feed(
        title=texte_propre(titre_de_la_recherche(demande)),
        link=site + demande.url(),
        feed_url=site + request.get_full_path(),
        description="Expériences partagées par des centres sociaux et des espaces de vie sociale.",
        language="fr",
        feed_guid=site + request.get_full_path(),
    )
    for fiche in trouvees.fiches:
        atom.add_item(
            title=texte_propre(texte_public(fiche, "titre")),
            link=site + adresse(fiche),
            unique_id=site + reverse("experience_courte", args=[fiche.code]),
            description=linebreaks(texte_propre(accroche(fiche)), autoescape=True),
            author_name=texte_propre(fiche.structure.nom),
            pubdate=fiche.publie_le,
            updateddate=fiche.modifie_le,
            categories=[terme.libelle for terme in termes(fiche, FamilleTerme.MOT_CLE)],
        )
    return HttpResponse(atom.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def titre_de_la_recherche(demande: Demande) -> str:
    """« Expériences : « jardin », 2 filtres »."""
    precisions = [f"« {demande.q} »"] if demande.q else []
    if demande.nombre_choix:
        precisions.append(compte(demande.nombre_choix, "filtre"))
    return "Expériences : " + ", ".join(precisions) if precisions else "Expériences partagées"
