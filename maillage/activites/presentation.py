"""Les séances telles que tous les lisent : jour par jour, sans rien qui nomme qui vient."""

from collections.abc import Iterable
from datetime import date

from maillage.activites.calendrier import Jour as Jour
from maillage.activites.models import Activite, Seance
from maillage.core.francais import compte


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
