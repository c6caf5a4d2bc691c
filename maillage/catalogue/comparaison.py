"""Comparer deux valeurs d'un champ d'une expérience (`core.comparaison`)."""

from maillage.catalogue.champs import CHAMPS, GenreChamp, Valeur, en_mots
from maillage.core.comparaison import Comparaison, comparer_lignes, comparer_textes


def comparer_champ(nom: str, avant: Valeur, apres: Valeur) -> Comparaison:
    """Deux valeurs d'un champ d'une fiche (formes de `catalogue.champs`)."""
    if CHAMPS[nom].genre in {GenreChamp.LONG, GenreChamp.COURT}:
        return comparer_textes(str(avant), str(apres))
    return comparer_lignes(en_mots(nom, avant), en_mots(nom, apres))
