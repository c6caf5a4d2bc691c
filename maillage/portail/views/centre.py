"""La page d'un centre, et sa carte de contact."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from maillage.activites.models import Seance
from maillage.activites.presentation import Jour, jours_d_agenda
from maillage.catalogue.models import Experience
from maillage.core.acces import publique
from maillage.portail.carte_de_contact import carte_de_contact
from maillage.portail.donnees_structurees import centre_pour_les_moteurs
from maillage.portail.views.accueil import carte_d_experience
from maillage.territoire.choices import EtatStructure
from maillage.territoire.models import Site, Structure

EXPERIENCES_MONTREES = 6
SEANCES_MONTREES = 24
SEANCES_SINON = 5
ANNONCE = 14
"""Jours avant une fermeture où on l'annonce en tête de page."""


@publique
@require_safe
def centre(request: HttpRequest, slug: str) -> HttpResponse:
    """Où et quand venir, qui appeler, ce que le centre a déjà fait."""
    structure = _trouver(slug)
    maintenant = timezone.now()
    siennes = Q(structure=structure) | Q(structure__remplacee_par=structure)
    publiees = Experience.objects.publiees().filter(siennes)
    sites = list(structure.sites.all())
    return render(
        request,
        "portail/centre.html",
        {
            "structure": structure,
            "lieu": _lieu(structure),
            "sites": [_site(site, maintenant) for site in sites],
            "fermetures": _fermetures(sites, maintenant),
            "agrements": structure.agrements.en_cours(timezone.localdate()),
            "dessertes": structure.dessertes.select_related("commune"),
            "experiences": [carte_d_experience(fiche) for fiche in publiees.dernieres(EXPERIENCES_MONTREES)],
            "nombre_experiences": publiees.count(),
            "est_a_completer": structure.etat == EtatStructure.A_COMPLETER,
            "est_fermee": structure.etat == EtatStructure.FERMEE,
            "adresse_complete": settings.MAILLAGE_URL + reverse("centre", args=[structure.slug]),
            "jours": _semaine(structure, maintenant),
            "donnees": centre_pour_les_moteurs(structure, sites, maintenant),
        },
    )


@publique
@require_safe
def centre_contact(request: HttpRequest, slug: str) -> HttpResponse:
    """Carte de contact (vCard) : un geste, et le centre est dans le répertoire du téléphone."""
    structure = _trouver(slug)
    reponse = HttpResponse(carte_de_contact(structure), content_type="text/vcard; charset=utf-8")
    reponse.headers["Content-Disposition"] = f'attachment; filename="{structure.slug}.vcf"'
    return reponse


def _semaine(structure: Structure, maintenant: datetime) -> list[Jour]:
    """Ce qui se passe d'ici une semaine ; sinon les prochaines séances annoncées."""
    publiques = Seance.objects.publiees().filter(activite__structure=structure, fin__gte=maintenant)
    lues = list(publiques.avec_leur_activite().order_by("debut", "pk")[:SEANCES_MONTREES])
    proches = [seance for seance in lues if seance.debut < maintenant + timedelta(days=7)]
    return jours_d_agenda(proches or lues[:SEANCES_SINON], maintenant.astimezone(structure.fuseau).date())


def _trouver(slug: str) -> Structure:
    structure = (
        Structure.objects.visibles()
        .select_related("departement__region", "commune", "gestionnaire", "remplacee_par")
        .prefetch_related("sites__fermetures", "sites__commune")
        .filter(slug=slug)
        .first()
    )
    if structure is None:
        raise Http404("Aucun centre à cette adresse.")
    return structure


def _lieu(structure: Structure) -> str:
    """« Valserre, Isère » ; le département seul pour une structure importée."""
    return ", ".join(str(lieu) for lieu in (structure.commune, structure.departement) if lieu)


def _site(site: Site, maintenant: datetime) -> dict[str, Any]:
    return {
        "site": site,
        "etat": site.etat(maintenant),
        "tableaux": site.tableaux_horaires(),
        "plan": _plan(site),
    }


def _plan(site: Site) -> str:
    """Lien vers OpenStreetMap, que la personne choisit d'ouvrir ; vide sans adresse ni coordonnées."""
    if site.latitude is not None and site.longitude is not None:
        point = f"{site.latitude:.6f}", f"{site.longitude:.6f}"
        return (
            f"https://www.openstreetmap.org/?{urlencode({'mlat': point[0], 'mlon': point[1]})}"
            f"#map=18/{point[0]}/{point[1]}"
        )
    if site.adresse and site.commune:
        texte = f"{site.adresse}, {site.code_postal} {site.commune.nom}"
        return f"https://www.openstreetmap.org/search?query={quote(texte)}"
    return ""


def _fermetures(sites: list[Site], maintenant: datetime) -> list[dict[str, Any]]:
    """Fermetures en cours ou proches, avec le lieu quand le centre en a plusieurs."""
    annonces = []
    for site in sites:
        jour = site.aujourd_hui(maintenant)
        for fermeture in site.fermetures.all():
            if fermeture.au >= jour and (fermeture.du - jour).days <= ANNONCE:
                annonces.append(
                    {
                        "fermeture": fermeture,
                        "site": site if len(sites) > 1 else None,
                    }
                )
    return sorted(annonces, key=lambda annonce: annonce["fermeture"].du)
