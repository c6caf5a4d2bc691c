"""Nombres reconnus dans le récit : argent et personnes. Le texte n'est jamais touché.

On préfère se taire à se tromper : un nombre dont le sens n'est pas sûr est rangé sans être retenu, ou pas lu.
Règles relevées sur les fiches réelles du catalogue ; les cas sont dans `tests/catalogue/test_moyens.py`.
"""

from collections.abc import Mapping
from decimal import Decimal

from maillage.catalogue.choices import GenreMoyen
from maillage.catalogue.importation.argent import lire_montants, lire_ressources
from maillage.catalogue.importation.nombres import MoyenLu
from maillage.catalogue.importation.personnes import lire_personnes

__all__ = ["MoyenLu", "budget", "lire_moyens"]

CHAMP_ARGENT = "ressources_financieres"
CHAMP_PERSONNES = "personnes_mobilisees"
MONNAIES = ("€", "euro", "Euro", "EURO")
LONGUEUR_LUE = 20_000
NOMBRE_MAX = 100
"""Au-delà, ce n'est plus le récit d'une action : on s'arrête de lire."""


def lire_moyens(textes: Mapping[str, str | None]) -> list[MoyenLu]:
    """Les nombres d'une fiche : l'argent partout où une monnaie est écrite, les personnes dans leur champ."""
    lus = lire_ressources((textes.get(CHAMP_ARGENT) or "")[:LONGUEUR_LUE], CHAMP_ARGENT)
    lus += lire_personnes((textes.get(CHAMP_PERSONNES) or "")[:LONGUEUR_LUE], CHAMP_PERSONNES)
    for champ, texte in textes.items():
        if champ != CHAMP_ARGENT and texte and any(monnaie in texte for monnaie in MONNAIES):
            lus += lire_montants(texte[:LONGUEUR_LUE], champ)
    return lus[:NOMBRE_MAX]


def budget(lus: list[MoyenLu]) -> Decimal | None:
    """Le montant retenu, s'il y en a un."""
    return next((lu.valeur for lu in lus if lu.genre == GenreMoyen.MONTANT and lu.est_retenu), None)
