"""Pages de catalogue inventées, dans le format du site."""

from pathlib import Path

from outils.synthese import fiches
from tests.catalogue.page_source import bloc, rendre


def ecrire_page(fichier: Path, nombre: int, *, graine: int = 1) -> Path:
    """Une page de `nombre` fiches, toutes différentes."""
    departements = ("Allier", "Ain", "Nord", "Gironde")
    fichier.write_text(
        rendre(
            bloc(
                titre=f"{fiche.titre} ({graine}-{rang})",
                structure_nom=f"CENTRE SOCIAL {graine}-{rang % 17}",
                departement=departements[rang % len(departements)],
                resume=fiche.resume,
            )
            for rang, fiche in enumerate(fiches(nombre, graine=graine))
        ),
        encoding="utf-8",
    )
    return fichier
