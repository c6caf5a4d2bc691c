"""Les séances publiques pour les moteurs de recherche : `Event`, vocabulaire schema.org."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse

from maillage.activites.choices import EtatSeance
from maillage.activites.models import Activite, Seance


def evenements_pour_les_moteurs(seances: Iterable[Seance]) -> dict[str, Any]:
    return {"@context": "https://schema.org", "@graph": [_evenement(seance) for seance in seances]}


def _evenement(seance: Seance) -> dict[str, Any]:
    activite, structure = seance.activite, seance.activite.structure
    est_annulee = seance.etat == EtatSeance.ANNULEE
    site = seance.site or activite.site
    evenement = {
        "@type": "Event",
        "name": activite.titre,
        "description": activite.description,
        "startDate": seance.debut_local.isoformat(),
        "endDate": seance.fin_local.isoformat(),
        "eventStatus": f"https://schema.org/{'EventCancelled' if est_annulee else 'EventScheduled'}",
        "isAccessibleForFree": activite.prix == 0,
        "typicalAgeRange": _ages(activite),
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": {
            "@type": "Place",
            "name": seance.ou or structure.nom,
            "address": ", ".join(
                str(un) for un in (site and site.adresse, structure.code_postal, structure.commune) if un
            )
            or structure.nom,
        },
        "organizer": {
            "@type": "Organization",
            "name": structure.nom,
            "url": settings.MAILLAGE_URL + reverse("centre", args=[structure.slug]),
        },
    }
    return {cle: valeur for cle, valeur in evenement.items() if valeur}


def _ages(activite: Activite) -> str:
    """« 6-11 », « 60- », comme le demande le vocabulaire."""
    if activite.age_min is None and activite.age_max is None:
        return ""
    return f"{activite.age_min or 0}-{'' if activite.age_max is None else activite.age_max}"
