"""Se repérer : plan du site pour les personnes, `sitemap.xml` et `robots.txt` pour les moteurs."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from maillage.catalogue.models import Experience
from maillage.core.acces import interne, publique
from maillage.portail import nombres
from maillage.territoire.models import Structure

ADRESSES_PAR_FICHIER = 20_000
"""Le protocole en accepte 50 000 et 50 Mo ; nos adresses sont longues."""
PAGES = (
    ("accueil", "Accueil", "Chercher une expérience ou un centre."),
    ("experiences", "Expériences", "Ce que les centres ont fait, avec leurs moyens et leurs limites."),
    ("centres", "Centres", "Trouver un centre par son nom, votre ville ou votre rue."),
    ("agenda", "Agenda", "Ce qui se passe dans les centres, jour par jour."),
    ("donnees", "Données ouvertes", "Télécharger les expériences et l’annuaire."),
    ("api", "API", "Lire les données publiques depuis un programme."),
    ("statistiques", "Statistiques", "Ce que contient Maillage, et combien de fois on l’ouvre."),
    ("accessibilite", "Accessibilité", "L’état du site, comment signaler une difficulté."),
    ("donnees_personnelles", "Données personnelles", "Ce que nous gardons, et vos droits."),
    ("mentions_legales", "Mentions légales", "Qui publie ce site, et comment nous écrire."),
    ("code_source", "Code source et crédits", "De quoi Maillage est fait."),
    ("plan_du_site", "Plan du site", "Cette page."),
    ("account_login", "Espace pro", "Entrer avec votre compte."),
)


@publique
@require_safe
def plan_du_site(request: HttpRequest) -> HttpResponse:
    pages = [
        {"url": url, "libelle": libelle, "aide": aide}
        for nom, libelle, aide in PAGES
        if (url := _adresse(nom))
    ]
    comptes = nombres.centres_par_departement() + nombres.experiences_par_departement()
    lieux = [lieu for lieu in nombres.departements() if comptes[lieu.code]]
    return render(request, "portail/plan_du_site.html", {"pages": pages, "departements": lieux})


@interne
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """L'index : un fichier de pages, puis un par tranche d'expériences et de centres."""
    fichiers = ["pages"]
    for nom, nombre in (
        ("centres", Structure.objects.visibles().count()),
        ("experiences", Experience.objects.publiees().count()),
    ):
        fichiers += [f"{nom}-{rang + 1}" for rang in range(-(-nombre // ADRESSES_PAR_FICHIER))]
    corps = "".join(
        f"<sitemap><loc>{settings.MAILLAGE_URL}{reverse('sitemap_fichier', args=[nom])}</loc></sitemap>"
        for nom in fichiers
    )
    return _xml(f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{corps}</sitemapindex>')


@interne
@require_safe
def sitemap_fichier(request: HttpRequest, nom: str) -> HttpResponse:
    genre, _, rang = nom.partition("-")
    if genre == "pages" and not rang:
        adresses = _pages()
    elif (
        genre in {"centres", "experiences"} and rang.isdecimal() and len(rang) < 5 and 1 <= int(rang) <= 1000
    ):
        depart = (int(rang) - 1) * ADRESSES_PAR_FICHIER
        adresses = _centres(depart) if genre == "centres" else _experiences(depart)
    else:
        raise Http404("Ce plan n'existe pas.")
    corps = "".join(
        f"<url><loc>{settings.MAILLAGE_URL}{adresse}</loc>"
        + (f"<lastmod>{modifie_le:%Y-%m-%d}</lastmod>" if modifie_le else "")
        + "</url>"
        for adresse, modifie_le in adresses
    )
    return _xml(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{corps}</urlset>')


@interne
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Tout le public se lit ; les recherches filtrées, sans fin, n'apprennent rien à un moteur."""
    lignes = [
        "User-agent: *",
        "Disallow: /compte/",
        "Disallow: /*?*page=",
        "Disallow: /api/v1/",
        f"Sitemap: {settings.MAILLAGE_URL}{reverse('sitemap')}",
    ]
    return HttpResponse("\n".join(lignes) + "\n", content_type="text/plain; charset=utf-8")


def _adresse(nom: str) -> str:
    try:
        return reverse(nom)
    except NoReverseMatch:
        return ""


def _pages() -> Iterator[tuple[str, datetime | None]]:
    for nom, _, _ in PAGES:
        if nom != "account_login" and (adresse := _adresse(nom)):
            yield adresse, None
    comptes = nombres.centres_par_departement() + nombres.experiences_par_departement()
    for code in sorted(comptes):
        yield reverse("departement", args=[code.lower()]), None


def _centres(depart: int) -> Iterator[tuple[str, datetime | None]]:
    tranche = Structure.objects.visibles().order_by("pk")[depart : depart + ADRESSES_PAR_FICHIER]
    for slug, modifie_le in tranche.values_list("slug", "modifie_le"):
        yield reverse("centre", args=[slug]), modifie_le


def _experiences(depart: int) -> Iterator[tuple[str, datetime | None]]:
    if not _adresse("experiences"):
        return
    tranche = Experience.objects.publiees().order_by("pk")[depart : depart + ADRESSES_PAR_FICHIER]
    for code, slug, modifie_le in tranche.values_list("code", "slug", "modifie_le"):
        yield reverse("experience", args=[code, slug]), modifie_le


def _xml(corps: str) -> HttpResponse:
    return HttpResponse(
        f'<?xml version="1.0" encoding="UTF-8"?>\n{corps}', content_type="application/xml; charset=utf-8"
    )
