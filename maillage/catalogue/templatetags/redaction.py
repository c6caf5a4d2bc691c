"""Ce que les pages d'écriture d'une fiche montrent partout : les étapes, et où l'on en est."""

from typing import Any

from django import template

from maillage.catalogue.brouillon import apercu, avancement, valeurs
from maillage.catalogue.guide import ETAPES, Etape
from maillage.catalogue.models import Contribution
from maillage.catalogue.views.redaction import adresse_etape

register = template.Library()


@register.inclusion_tag("core/ecriture/etapes.html")
def etapes_de_la_fiche(contribution: Contribution, ici: str) -> dict[str, Any]:
    """Les sept étapes, celles qui sont finies, et celle où l'on est (sa clé)."""
    finies = avancement(apercu(contribution), valeurs(contribution)).finies
    return {
        "etapes": [
            (etape, adresse_etape(contribution, etape), etape.cle in finies, etape.cle == ici)
            for etape in ETAPES
        ]
    }


@register.simple_tag
def lien_etape(contribution: Contribution, etape: Etape) -> str:
    return adresse_etape(contribution, etape)
