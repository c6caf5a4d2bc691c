"""L'annuaire des centres, une ligne par lieu, et sa forme data·inclusion."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse

from maillage.territoire.choices import FormeGestionnaire
from maillage.territoire.models import Site, Structure

CHAMPS = {
    "id": "Identifiant stable de la structure.",
    "nom": "Nom de la structure.",
    "genre": "centre_social, espace_de_vie_sociale ou a_preciser.",
    "etat": "active, a_completer (importée, à compléter) ou fermee.",
    "gestionnaire": "Personne morale qui la porte.",
    "lieu": "Nom du lieu ; vide quand aucun lieu n’est connu.",
    "est_principal": "oui pour le lieu principal.",
    "adresse": "Numéro et voie.",
    "code_postal": "Code postal, en texte.",
    "commune": "Nom de la commune.",
    "code_insee": "Code de la commune selon l’Insee, en texte.",
    "departement": "Code du département : 01, 2A, 971.",
    "telephone": "Numéro, tel qu’il se compose en France.",
    "courriel": "Courriel de la structure.",
    "site_web": "Site de la structure.",
    "siret": "Quatorze chiffres.",
    "horaires": "Notation opening_hours d’OpenStreetMap.",
    "accessibilite": "Atouts du lieu, séparés par « | ».",
    "acceslibre": "Fiche Acceslibre du lieu.",
    "latitude": "En degrés (WGS 84).",
    "longitude": "En degrés (WGS 84).",
    "date_maj": "Dernière correction de la fiche.",
    "url": "Page à lire.",
}
"""Nom du champ et sa définition, dans l'ordre des colonnes."""

CHAMPS_DATA_INCLUSION = (
    "source", "id", "nom", "date_maj", "description", "lien_source", "siret", "commune", "code_postal",
    "code_insee", "adresse", "complement_adresse", "longitude", "latitude", "telephone", "courriel",
    "site_web", "horaires_accueil", "accessibilite_lieu", "reseaux_porteurs",
)  # fmt: skip
"""Schéma « structure » de data·inclusion, version 1."""

_RESEAUX = {FormeGestionnaire.CAF: ["caf"], FormeGestionnaire.COMMUNE: ["communes"]}


def lignes() -> Iterator[dict[str, Any]]:
    """Une ligne par lieu ; une structure sans lieu connu a une ligne à elle."""
    for structure in _structures():
        for site in structure.sites.all() or [None]:
            yield _ligne(structure, site)


def structures_data_inclusion() -> Iterator[dict[str, Any]]:
    """Schéma « structure » de data·inclusion v1 : 20 champs, un objet par lieu, structures ouvertes."""
    for structure in _structures().ouvertes():
        for site in structure.sites.all() or [None]:
            yield _structure_data_inclusion(structure, site)


def _structures() -> Any:
    return (
        Structure.objects.visibles()
        .select_related("commune", "gestionnaire", "departement")
        .prefetch_related("sites__commune")
        .order_by("slug")
    )


def _adresse_de_la_page(structure: Structure) -> str:
    return settings.MAILLAGE_URL + reverse("centre", args=[structure.slug])


def _ligne(structure: Structure, site: Site | None) -> dict[str, Any]:
    lieu: Structure | Site = site or structure
    return {
        "id": structure.slug,
        "nom": structure.nom,
        "genre": structure.genre,
        "etat": structure.etat,
        "gestionnaire": structure.gestionnaire.nom if structure.gestionnaire else "",
        "lieu": site.nom if site else "",
        "est_principal": "oui" if site and site.est_principal else "non" if site else "",
        "adresse": lieu.adresse,
        "code_postal": lieu.code_postal,
        "commune": lieu.commune.nom if lieu.commune else "",
        "code_insee": lieu.commune_id or "",
        "departement": structure.departement_id or "",
        "telephone": lieu.telephone or structure.telephone,
        "courriel": structure.courriel,
        "site_web": structure.site_web,
        "siret": structure.siret,
        "horaires": site.horaires if site else "",
        "accessibilite": site.accessibilite if site else [],
        "acceslibre": site.acceslibre if site else "",
        "latitude": _degres(site.latitude if site else None),
        "longitude": _degres(site.longitude if site else None),
        "date_maj": structure.modifie_le.date(),
        "url": _adresse_de_la_page(structure),
    }


def _structure_data_inclusion(structure: Structure, site: Site | None) -> dict[str, Any]:
    lieu: Structure | Site = site or structure
    est_second = site is not None and not site.est_principal
    nom = f"{structure.nom}, {site.nom}" if site and est_second else structure.nom
    description = structure.presentation or structure.accroche
    gestionnaire = structure.gestionnaire
    return {
        "source": "maillage",
        "id": f"maillage--{structure.slug}" + (f"--{site.pk}" if site and est_second else ""),
        "nom": nom[:150].rstrip(". "),
        "date_maj": structure.modifie_le.date(),
        "description": description if 5 <= len(description) <= 10_000 else None,
        "lien_source": _adresse_de_la_page(structure),
        "siret": structure.siret if len(structure.siret) == 14 and structure.siret.isdigit() else None,
        "commune": lieu.commune.nom if lieu.commune else None,
        "code_postal": lieu.code_postal or None,
        "code_insee": lieu.commune_id,
        "adresse": lieu.adresse or None,
        "complement_adresse": site.nom if site and est_second else None,
        "longitude": _degres(site.longitude if site else None),
        "latitude": _degres(site.latitude if site else None),
        "telephone": lieu.telephone_international or structure.telephone_international or None,
        "courriel": structure.courriel or None,
        "site_web": structure.site_web or None,
        "horaires_accueil": (site.horaires or None) if site and site.horaires_lus.regles else None,
        "accessibilite_lieu": (site.acceslibre or None) if site else None,
        "reseaux_porteurs": _RESEAUX.get(FormeGestionnaire(gestionnaire.forme)) if gestionnaire else None,
    }


def _degres(valeur: float | None) -> Decimal | None:
    """Un nombre exact : « -21.3 » reste un nombre dans un tableur, jamais un texte."""
    return None if valeur is None else Decimal(str(valeur))
