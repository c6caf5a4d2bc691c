"""Les chiffres de l'accueil dans un tableur : une ligne par valeur, la période et celle d'avant."""

from collections.abc import Iterator

from maillage.accueil.lecture import Chiffres
from maillage.catalogue.exportation.formats import ecrire

TOTAUX = "Ensemble"


def exporter_chiffres(chiffres: Chiffres, format: str) -> Iterator[bytes]:
    """Le fichier, morceau par morceau. Lève `ValueError` pour un format inconnu."""
    ici, avant = str(chiffres.periode).capitalize(), str(chiffres.avant).capitalize()
    totaux = [
        ("Passages", chiffres.passages),
        ("Personnes venues, comptées à chaque passage", chiffres.personnes),
        ("Demandes", chiffres.demandes),
    ]
    lignes = [
        {"Tableau": TOTAUX, "Ligne": libelle, ici: nombres[0], avant: nombres[1]}
        for libelle, nombres in totaux
    ]
    lignes += [
        {"Tableau": ligne.tableau, "Ligne": ligne.libelle, ici: ligne.ici, avant: ligne.avant}
        for ligne in chiffres.lignes
    ]
    return ecrire(lignes, ["Tableau", "Ligne", ici, avant], format, titre="Accueil")
