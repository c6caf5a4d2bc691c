"""Dire une échéance comme on la dit : « demain », « dans 3 semaines », « de 2 mois »."""

from maillage.core.francais import compte


def quand(jours: int) -> str:
    if jours == 0:
        return "Aujourd’hui"
    return "Demain" if jours == 1 else f"Dans {_dire(jours)}"


def de_quand(jours: int) -> str:
    return f"de {_dire(jours)}"


def _dire(jours: int) -> str:
    """Jours jusqu'à deux semaines, semaines jusqu'à deux mois, mois ensuite ; l'unité d'en dessous est tue."""
    if jours < 14:
        return compte(jours, "jour")
    if jours < 60:
        return compte(jours // 7, "semaine")
    return f"{jours // 30} mois"
