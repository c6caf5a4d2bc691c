"""Ce que les moteurs de recherche lisent d'un centre : JSON-LD, vocabulaire schema.org."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse

from maillage.territoire.choices import FormeGestionnaire
from maillage.territoire.models import Site, Structure

_JOURS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def centre_pour_les_moteurs(structure: Structure, sites: list[Site], maintenant: datetime) -> dict[str, Any]:
    """`CommunityCenter` par lieu ; `NGO` pour la structure quand une association la porte."""
    adresse = settings.MAILLAGE_URL + reverse("centre", args=[structure.slug])
    gestionnaire = structure.gestionnaire
    est_association = gestionnaire is not None and gestionnaire.forme == FormeGestionnaire.ASSOCIATION
    return {
        "@context": "https://schema.org",
        "@type": ["CommunityCenter", "NGO"] if est_association else "CommunityCenter",
        "@id": adresse,
        "url": adresse,
        "name": structure.nom,
        "description": structure.accroche or structure.presentation[:300],
        "telephone": structure.telephone_international,
        "email": structure.courriel,
        "sameAs": structure.site_web,
        "address": _adresse(structure),
        "areaServed": sorted({desserte.commune.nom for desserte in structure.dessertes.all()}),
        "parentOrganization": {"@type": "Organization", "name": gestionnaire.nom} if gestionnaire else None,
        "location": [_lieu(site, maintenant) for site in sites],
    }


def _lieu(site: Site, maintenant: datetime) -> dict[str, Any]:
    return {
        "@type": "CommunityCenter",
        "name": site.nom,
        "address": _adresse(site),
        "telephone": site.telephone_international,
        "geo": {"@type": "GeoCoordinates", "latitude": site.latitude, "longitude": site.longitude}
        if site.latitude is not None
        else None,
        "amenityFeature": [
            {"@type": "LocationFeatureSpecification", "name": nom, "value": True}
            for nom in site.accessibilite
        ],
        "openingHoursSpecification": _ouvertures(site, maintenant),
        "specialOpeningHoursSpecification": [
            {
                "@type": "OpeningHoursSpecification",
                "validFrom": fermeture.du.isoformat(),
                "validThrough": fermeture.au.isoformat(),
                "opens": "00:00",
                "closes": "00:00",
            }
            for fermeture in site.fermetures.all()
            if not fermeture.precision
        ],
    }


def _adresse(lieu: Structure | Site) -> dict[str, Any] | None:
    if not lieu.adresse and lieu.commune is None:
        return None
    return {
        "@type": "PostalAddress",
        "streetAddress": lieu.adresse,
        "postalCode": lieu.code_postal,
        "addressLocality": lieu.commune.nom if lieu.commune else None,
        "addressCountry": "FR",
    }


def _ouvertures(site: Site, maintenant: datetime) -> list[dict[str, Any]]:
    """La semaine type de la période en cours (fériés et vacances à part) : un groupe par plage."""
    lundi = site.aujourd_hui(maintenant)
    lundi -= timedelta(days=lundi.weekday())
    jours_par_plage: dict[tuple[str, str], list[str]] = {}
    for rang, nom in enumerate(_JOURS):
        for plage in site.horaires_lus.journee(lundi + timedelta(days=rang)).plages:
            jours_par_plage.setdefault((_heure(plage.debut), _heure(plage.fin)), []).append(nom)
    return [
        {"@type": "OpeningHoursSpecification", "dayOfWeek": jours, "opens": debut, "closes": fin}
        for (debut, fin), jours in jours_par_plage.items()
    ]


def _heure(minutes: int) -> str:
    """« 09:00 » ; la fin d'une plage de minuit à minuit s'écrit 23:59, comme le demande schema.org."""
    if minutes == 24 * 60:
        return "23:59"
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"
