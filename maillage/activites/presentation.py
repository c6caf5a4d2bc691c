"""Les séances telles que tous les lisent : jour par jour, sans rien qui nomme qui vient."""

from collections.abc import Iterable
from datetime import date

from maillage.activites.calendrier import Jour as Jour
from maillage.activites.models import Activite, Seance
from maillage.core.francais import compte, euros


def jours_d_agenda(seances: Iterable[Seance], aujourd_hui: date) -> list[Jour]:
    """Les seuls jours où il se passe quelque chose, dans l'ordre."""
    jours: dict[date, Jour] = {}
    for seance in seances:
        jours.setdefault(seance.jour, Jour(seance.jour, aujourd_hui)).seances.append(seance)
    return [jours[un] for un in sorted(jours)]


def comment_venir(activite: Activite) -> str:
    """« sans inscription », « 12 places, sur inscription »."""
    if activite.accueil_libre:
        return "sans inscription"
    places = f"{compte(activite.capacite, 'place')}, " if activite.capacite else ""
    return f"{places}sur inscription"


def pour_qui(activite: Activite) -> str:
    """« familles, de 3 à 6 ans » : les mots du centre, puis l'âge."""
    return ", ".join(un for un in (*activite.publics, _ages(activite)) if un)


def prix(activite: Activite) -> str:
    """« gratuit », « 2,50 € » ; rien quand le centre ne l'a pas dit."""
    if activite.prix is None:
        return ""
    return euros(activite.prix) if activite.prix else "gratuit"


def _ages(activite: Activite) -> str:
    debut, fin = activite.age_min, activite.age_max
    if debut is None and fin is None:
        return ""
    if fin is None:
        return f"à partir de {compte(debut or 0, 'an')}"
    return f"jusqu’à {compte(fin, 'an')}" if debut is None else f"de {debut} à {compte(fin, 'an')}"
