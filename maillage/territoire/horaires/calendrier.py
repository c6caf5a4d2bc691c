"""Heure locale et jours fériés de chaque territoire, outre-mer compris.

Jours fériés : code du travail, articles L. 3133-1 (toute la France), L. 3134-13 (Alsace et Moselle) et
L. 3422-2 (commémoration de l'abolition de l'esclavage) ; les collectivités du Pacifique fixent les leurs.
"""

from datetime import date, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_FUSEAUX = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
    "975": "America/Miquelon",
    "976": "Indian/Mayotte",
    "977": "America/St_Barthelemy",
    "978": "America/Marigot",
    "984": "Indian/Kerguelen",
    "986": "Pacific/Wallis",
    "987": "Pacific/Tahiti",
    "988": "Pacific/Noumea",
}
_FUSEAUX_DES_COMMUNES = {
    "98719": "Pacific/Gambier",
    **dict.fromkeys(("98718", "98723", "98731", "98750", "98756", "98757"), "Pacific/Marquesas"),
}
_ALSACE_MOSELLE = {"57", "67", "68"}
_FERIES_LOCAUX: dict[str, dict[tuple[int, int], str]] = {
    "971": {(5, 27): "abolition de l’esclavage"},
    "972": {(5, 22): "abolition de l’esclavage"},
    "973": {(6, 10): "abolition de l’esclavage"},
    "974": {(12, 20): "abolition de l’esclavage"},
    "976": {(4, 27): "abolition de l’esclavage"},
    "977": {(10, 9): "abolition de l’esclavage"},
    "978": {(5, 28): "abolition de l’esclavage"},
    "986": {(4, 28): "saint Pierre Chanel", (7, 29): "fête du territoire"},
    "987": {(3, 5): "arrivée de l’Évangile"},
    "988": {(9, 24): "fête de la citoyenneté"},
}
_FERIES = {
    (1, 1): "jour de l’an",
    (5, 1): "fête du travail",
    (5, 8): "victoire de 1945",
    (7, 14): "fête nationale",
    (8, 15): "Assomption",
    (11, 1): "Toussaint",
    (11, 11): "armistice de 1918",
    (12, 25): "Noël",
}


def fuseau(code_departement: str, code_commune: str = "") -> ZoneInfo:
    """Fuseau du lieu ; l'heure de Paris quand le territoire est inconnu."""
    nom = _FUSEAUX_DES_COMMUNES.get(code_commune) or _FUSEAUX.get(code_departement, "Europe/Paris")
    return ZoneInfo(nom)


def jour_ferie(jour: date, code_departement: str = "") -> str | None:
    """Nom du jour férié à cet endroit, ou rien."""
    cle = (jour.month, jour.day)
    paques = _paques(jour.year)
    mobiles = {1: "lundi de Pâques", 39: "Ascension", 50: "lundi de Pentecôte"}
    if code_departement in _ALSACE_MOSELLE or code_departement == "987":
        mobiles[-2] = "Vendredi saint"
    if code_departement in _ALSACE_MOSELLE and cle == (12, 26):
        return "saint Étienne"
    return (
        _FERIES.get(cle)
        or mobiles.get((jour - paques).days)
        or _FERIES_LOCAUX.get(code_departement, {}).get(cle)
    )


@lru_cache(maxsize=64)
def _paques(annee: int) -> date:
    """Dimanche de Pâques grégorien (algorithme de Meeus)."""
    a, (b, c) = annee % 19, divmod(annee, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    l = (32 + 2 * e + 2 * i - h - k) % 7  # noqa: E741 - lettre de l'algorithme publié
    m = (a + 11 * h + 22 * l) // 451
    mois, jour = divmod(h + l - 7 * m + 114, 31)
    return date(annee, mois, 1) + timedelta(days=jour)
