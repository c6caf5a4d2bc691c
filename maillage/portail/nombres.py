"""Les nombres que le portail montre : combien d'expériences et de centres, et où.

Gardés une minute : l'accueil est la page la plus vue, et ces nombres ne changent pas à la seconde.
"""

from collections import Counter
from typing import Any

from django.core.cache import cache
from django.db.models import Count
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode

from maillage.catalogue.models import Experience
from maillage.territoire.models import Departement, Region, Structure

GARDE = 60


def experiences_par_departement() -> Counter[str]:
    """Nombre d'expériences publiées par code de département."""
    return _garder("portail:experiences", _compter_experiences)


def centres_par_departement() -> Counter[str]:
    """Nombre de structures ouvertes par code de département."""
    return _garder("portail:centres", _compter_centres)


def departements() -> list[Departement]:
    """Tous, dans l'ordre des codes."""
    return list(Departement.objects.select_related("region").order_by("code"))


def lieux_de_la_carte(comptes: Counter[str], nom_url: str) -> list[dict[str, Any]]:
    """Ce qu'attend `{% carte_departements %}` ; un département sans rien n'a pas de lien."""
    return [
        {
            "code": departement.code,
            "nom": departement.nom,
            "nombre": comptes[departement.code],
            "url": reverse(nom_url, args=[departement.code.lower()]) if comptes[departement.code] else "",
        }
        for departement in departements()
        if comptes[departement.code] or departement.code not in SANS_CENTRE
    ]


SANS_CENTRE = {"984", "989"}
"""Terres australes et île de Clipperton : personne n'y habite."""

# Place de chaque région sur la grille de l'accueil : colonne à forcer, ou rien.
_TUILES = {
    "32": "c3", "53": "c1", "28": "c2", "11": "c3", "44": "c4", "52": "c1", "24": "c2", "27": "c3",
    "75": "c1", "84": "c3", "outre-mer": "c1", "76": "c2", "93": "c3", "94": "c4",
}  # fmt: skip


def tuiles_des_regions() -> list[dict[str, Any]]:
    """Une tuile par région de métropole, à sa place, et une pour l'outre-mer."""
    par_region: Counter[str] = Counter()
    comptes = experiences_par_departement()
    for departement in departements():
        par_region[departement.region_id] += comptes[departement.code]
    regions = {region.code: region for region in Region.objects.order_by("code")}
    outre_mer = [region for code, region in regions.items() if code not in _TUILES]
    plus_grand = max(par_region.values(), default=0)
    tuiles = []
    for code, place in _TUILES.items():
        if code == "outre-mer":
            nom, choisies = "Outre-mer", outre_mer
        elif code in regions:
            nom, choisies = regions[code].nom, [regions[code]]
        else:
            continue
        nombre = sum(par_region[region.code] for region in choisies)
        teinte = "f" if nombre > plus_grand * 0.6 else "m" if nombre > plus_grand * 0.25 else ""
        tuiles.append(
            {
                "nom": nom,
                "nombre": nombre,
                "classes": f"{place} {teinte}".strip(),
                "url": _recherche(region=[region.slug for region in choisies]) if nombre else "",
            }
        )
    return tuiles


def _recherche(**criteres: list[str]) -> str:
    """Adresse du catalogue filtré ; vide tant que le catalogue n'a pas de page."""
    try:
        return f"{reverse('experiences')}?{urlencode(criteres, doseq=True)}"
    except NoReverseMatch:
        return ""


def _garder(cle: str, calculer: Any) -> Any:
    return cache.get_or_set(cle, calculer, GARDE)


def _compter_experiences() -> Counter[str]:
    lignes = (
        Experience.objects.publiees().order_by().values_list("structure__departement").annotate(n=Count("pk"))
    )
    return Counter({code: nombre for code, nombre in lignes if code})


def _compter_centres() -> Counter[str]:
    lignes = Structure.objects.ouvertes().order_by().values_list("departement").annotate(n=Count("pk"))
    return Counter({code: nombre for code, nombre in lignes if code})
