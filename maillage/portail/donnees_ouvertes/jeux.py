"""La liste des fichiers publiés, et ce qui écrit chacun : les mêmes écrivains que les exports du catalogue."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from maillage.catalogue.exportation import COLONNES_EXPERIENCE, FORMATS, ligne_de_fiche
from maillage.catalogue.exportation.formats import ecrire
from maillage.catalogue.models import Experience
from maillage.portail.donnees_ouvertes import annuaire

LOT = 500
Lignes = Iterable[dict[str, Any]]


@dataclass(frozen=True)
class Jeu:
    """Des lignes, leurs colonnes, et les fichiers où elles s'écrivent."""

    nom: str
    titre: str
    colonnes: tuple[str, ...]
    lire: Callable[[], Lignes]
    formats: tuple[str, ...] = FORMATS

    def morceaux(self, format: str, compter: Callable[[], object]) -> Iterator[bytes]:
        """Le fichier, morceau par morceau ; `compter` est appelé à chaque ligne."""

        def comptees() -> Iterator[dict[str, Any]]:
            for ligne in self.lire():
                compter()
                yield ligne

        return ecrire(comptees(), self.colonnes, format, titre=self.titre)


def _experiences() -> Lignes:
    fiches = Experience.objects.publiees().completes().order_by("pk").iterator(LOT)
    return (ligne_de_fiche(fiche, est_public=True) for fiche in fiches)


JEUX = (
    Jeu("experiences", "Expériences", COLONNES_EXPERIENCE, _experiences),
    Jeu("centres", "Centres", tuple(annuaire.CHAMPS), annuaire.lignes),
    Jeu(
        "structures-data-inclusion",
        "Structures",
        annuaire.CHAMPS_DATA_INCLUSION,
        annuaire.structures_data_inclusion,
        ("json",),
    ),
)
