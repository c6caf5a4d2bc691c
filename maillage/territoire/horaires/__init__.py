"""Horaires d'un lieu : lus de la notation `opening_hours` d'OpenStreetMap, dits en français.

Module sans base : il ne connaît que des textes, des dates et des codes de département.
"""

from .affichage import LigneHoraire, TableauHoraire, dire_dates, en_heures, tableaux
from .calendrier import fuseau, jour_ferie
from .etat import EtatDuLieu, Fermeture, etat_du_lieu
from .lecture import Horaires, HorairesIllisibles, Plage, lire

__all__ = [
    "EtatDuLieu",
    "Fermeture",
    "Horaires",
    "HorairesIllisibles",
    "LigneHoraire",
    "Plage",
    "TableauHoraire",
    "dire_dates",
    "en_heures",
    "etat_du_lieu",
    "fuseau",
    "jour_ferie",
    "lire",
    "tableaux",
]
