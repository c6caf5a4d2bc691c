"""Statistiques publiques : ce que contient Maillage, et combien de fois on l'ouvre."""

import csv
from collections import Counter
from datetime import date
from typing import Any

from django.db.models import Sum
from django.db.models.functions import TruncMonth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from maillage.catalogue.models import Experience
from maillage.core.acces import publique
from maillage.core.graphiques import Graphique, Serie
from maillage.core.models import Audience
from maillage.portail import nombres
from maillage.territoire.choices import GenreStructure
from maillage.territoire.models import Structure

MOIS_MONTRES = 12
NOMS_DES_PAGES = {
    "accueil": "Accueil",
    "experiences": "Recherche d’expériences",
    "experience": "Pages d’une expérience",
    "centres": "Recherche de centres",
    "centre": "Pages d’un centre",
    "departement": "Pages d’un département",
    "donnees": "Données ouvertes",
    "api": "Documentation de l’API",
}


@publique
@require_safe
def statistiques(request: HttpRequest) -> HttpResponse:
    mois = _mois()
    return render(
        request,
        "portail/statistiques.html",
        {
            "graphique": _graphique(mois),
            "pages": _pages(mois[0]),
            "catalogue": _catalogue(),
            "depuis": mois[0],
        },
    )


@publique
@require_safe
def statistiques_csv(request: HttpRequest) -> HttpResponse:
    """L'audience par jour et par page, sur les mêmes mois que la page."""
    reponse = HttpResponse(content_type="text/csv; charset=utf-8")
    reponse.headers["Content-Disposition"] = 'attachment; filename="audience-maillage.csv"'
    reponse.write("\ufeff")
    ecrivain = csv.writer(reponse, delimiter=";")
    ecrivain.writerow(["jour", "page", "affichages"])
    lignes = Audience.objects.filter(jour__gte=_mois()[0]).order_by("jour", "page")
    ecrivain.writerows(lignes.values_list("jour", "page", "nombre"))
    return reponse


def _mois() -> list[date]:
    """Premier jour de chacun des douze derniers mois, le mois en cours compris."""
    jour = timezone.localdate().replace(day=1)
    mois = [jour]
    while len(mois) < MOIS_MONTRES:
        jour = (
            jour.replace(year=jour.year - 1, month=12)
            if jour.month == 1
            else jour.replace(month=jour.month - 1)
        )
        mois.insert(0, jour)
    return mois


def _graphique(mois: list[date]) -> Graphique:
    lignes = (
        Audience.objects.filter(jour__gte=mois[0])
        .annotate(mois=TruncMonth("jour"))
        .order_by()
        .values_list("mois")
        .annotate(n=Sum("nombre"))
    )
    par_mois = dict(lignes)
    return Graphique(
        titre="Pages affichées chaque mois",
        repere="Mois",
        reperes=[f"{m:%m/%y}" for m in mois],
        series=[Serie("Pages affichées", [par_mois.get(m) for m in mois])],
        source="Compteur du serveur, sans cookie ni adresse. Robots compris.",
    )


def _pages(depuis: date) -> list[tuple[str, int]]:
    comptes: Counter[str] = Counter()
    lignes = (
        Audience.objects.filter(jour__gte=depuis).order_by().values_list("page").annotate(n=Sum("nombre"))
    )
    for page, nombre in lignes:
        comptes[NOMS_DES_PAGES.get(page, "Autres pages")] += nombre
    return comptes.most_common()


def _catalogue() -> list[dict[str, Any]]:
    ouvertes = Structure.objects.ouvertes()
    publiees = Experience.objects.publiees()
    return [
        {"valeur": publiees.count(), "libelle": "expériences publiées"},
        {
            "valeur": ouvertes.filter(genre=GenreStructure.CENTRE_SOCIAL).count(),
            "libelle": "centres sociaux dans l’annuaire",
        },
        {
            "valeur": ouvertes.filter(genre=GenreStructure.ESPACE_DE_VIE_SOCIALE).count(),
            "libelle": "espaces de vie sociale",
        },
        {
            "valeur": len(nombres.experiences_par_departement()),
            "libelle": "départements avec une expérience",
        },
    ]
