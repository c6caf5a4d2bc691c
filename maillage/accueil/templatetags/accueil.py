"""Les onglets de l'accueil : ce que cette personne peut y ouvrir."""

from typing import Any

from django import template
from django.urls import reverse

from maillage.accueil.permissions import peut_regler_le_comptoir, peut_suivre_les_demandes_de
from maillage.territoire.models import Structure

register = template.Library()


@register.inclusion_tag("accueil/_onglets.html", takes_context=True)
def onglets_de_l_accueil(context: template.Context, centre: Structure) -> dict[str, Any]:
    request = context["request"]
    onglets = [
        ("comptoir_centre", "Comptoir", "message-circle"),
        ("comptoir_jour", "Le jour", "calendar-days"),
        ("comptoir_rattraper", "D’après le papier", "clipboard-pen"),
        ("comptoir_chiffres", "Chiffres", "gauge"),
    ]
    if peut_suivre_les_demandes_de(request.user, centre):
        onglets.append(("demandes_a_suivre", "À suivre", "flag"))
    if peut_regler_le_comptoir(request.user, centre):
        onglets.append(("types_de_demande", "Demandes", "list-tree"))
    return {
        "onglets": [
            {
                "adresse": adresse,
                "libelle": libelle,
                "icone": icone,
                "place": "page" if adresse == request.path else "",
            }
            for nom, libelle, icone in onglets
            for adresse in [reverse(nom, args=[centre.pk])]
        ]
    }
