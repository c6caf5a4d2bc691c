"""Ce que tout gabarit connaît : la version, le mode, et la navigation qui existe vraiment."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

NAVIGATION_PUBLIQUE = (
    ("experiences", "Expériences"),
    ("centres", "Centres"),
    ("agenda", "Agenda"),
    ("guide", "Guide"),
)
NAVIGATION_PRO = (
    ("espace", "Aujourd’hui", "house"),
    ("projet", "Projet social", "trees"),
    ("accueil_du_jour", "Accueil", "hand-heart"),
    ("activites", "Activités", "calendar-days"),
    ("contributions", "Mes expériences", "lightbulb"),
    ("moderation", "Modération", "shield-check"),
    ("points", "À vérifier", "scan-search"),
    ("importations", "Imports", "file-up"),
    ("synonymes", "Synonymes", "languages"),
)


def _existantes(liens: tuple[tuple[str, ...], ...]) -> list[dict[str, str]]:
    """Les menus ne montrent que ce qui marche : un nom d'URL absent disparaît du menu."""
    trouves = []
    for nom, libelle, *icone in liens:
        try:
            trouves.append({"nom": nom, "url": reverse(nom), "libelle": libelle, "icone": "".join(icone)})
        except NoReverseMatch:
            continue
    return trouves


def maillage(request: HttpRequest) -> dict[str, object]:
    return {
        "navigation": _existantes(NAVIGATION_PUBLIQUE),
        "navigation_pro": _existantes(NAVIGATION_PRO),
        "mode": settings.MAILLAGE_MODE,
        "version_maillage": settings.MAILLAGE_VERSION,
        "url_du_site": settings.MAILLAGE_URL,
    }
