"""Remplir une installation de démonstration."""

from maillage.demo.operations.reseau import charger_reseau, reseau_est_a_charger

__all__ = ["charger_reseau", "reseau_est_a_charger"]
