"""Le suivi dans un tableur : une ligne par fiche."""

from collections.abc import Iterable, Iterator
from typing import Any

from maillage.catalogue.exportation.formats import ecrire
from maillage.projets.suivi import FicheSuivie


def exporter_suivi(fiches: Iterable[FicheSuivie], annee: int, format: str) -> Iterator[bytes]:
    """Le fichier, morceau par morceau. Lève `ValueError` pour un format inconnu."""
    lignes = [_ligne(suivie, annee) for suivie in fiches]
    return ecrire(lignes, list(lignes[0]) if lignes else ["Fiche"], format, titre="Suivi")


def _ligne(suivie: FicheSuivie, annee: int) -> dict[str, Any]:
    bilan = suivie.bilan
    return {
        "Numéro": suivie.lue.numero,
        "Fiche": suivie.fiche.titre,
        "Axe": str(suivie.lue.axe or ""),
        "Pilote": suivie.pilote,
        "État": suivie.etat["libelle"],
        "En retard": list(suivie.retards),
        f"Valeurs {annee}": sum(lu.annee(annee).est_renseignee for lu in suivie.indicateurs),
        "Indicateurs": len(suivie.indicateurs),
        f"Bilan {annee}": suivie.avancement["libelle"] if suivie.est_de_l_annee else "",
        "Degré atteint": bilan.get_degre_display() if bilan else "",
        "Suite": bilan.get_suite_display() if bilan else "",
        "Leçon": bilan.lecon if bilan else "",
    }
